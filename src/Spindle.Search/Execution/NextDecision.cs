using Spindle.Search.Policies;
using Spindle.Search.Stages;

namespace Spindle.Search.Execution;

/// <summary>What the end of a stage's present trials decides.</summary>
internal static class NextDecision
{
    /// <summary>The decision in a few words, or null if nothing is decided.</summary>
    /// <param name="step">The policy's answer.</param>
    /// <param name="stage">The stage that runs.</param>
    public static string? Of(PolicyStep step, StageRecord stage)
    {
        if (step.Decision is { } named) return named;
        if (stage.IsRefit) return "the winner is trained again on all rows";
        var options = stage.Options.Count(option => option is { Designs: > 0, Dropped: null });
        if (options < 2) return null;
        if (stage.IsFinalComparison) return FormattableString.Invariant($"the winner of {options} sides is known");
        return stage.Race is null
            ? FormattableString.Invariant($"1 of {options} options is kept")
            : FormattableString.Invariant($"those of {options} options that cannot be the best are dropped");
    }
}
