namespace Spindle.Search.Stages;

/// <summary>The decision of a stage.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Option">The name of the option that is kept; null if none could be chosen because no sampled design fits the budget.</param>
public sealed record StageDecision(string Stage, string? Option)
{
    /// <summary>Decisions in one line, in order: <c>S1 spindle, S2 uniform</c>. Decisions that fix nothing are left out.</summary>
    /// <param name="decided">The decisions.</param>
    public static string Given(IEnumerable<StageDecision> decided) =>
        string.Join(", ", decided.Where(decision => decision.Fixes).Select(decision => $"{decision.Stage} {decision.Option}"));

    // the unconstrained stage exists only for its scores
    private bool Fixes => Option is not (null or StageSequence.Unconstrained);
}
