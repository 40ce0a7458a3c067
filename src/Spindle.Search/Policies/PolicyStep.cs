using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>What a policy answers.</summary>
public abstract record PolicyStep
{
    private PolicyStep() { }

    /// <summary>Trials are wanted before it can decide.</summary>
    /// <param name="Trials">At least one that has not ended, in the order in which they should run.</param>
    public sealed record Wanted(IReadOnlyList<TrialSpec> Trials) : PolicyStep;

    /// <summary>The stage is decided.</summary>
    /// <param name="Option">The option that is kept, or null where none can be (no design fits).</param>
    public sealed record Decided(string? Option) : PolicyStep;
}
