using Spindle.Designs;

namespace Spindle.Search.Trials;

/// <summary>What of a backbone a trial trains.</summary>
public abstract record TuningPlan
{
    private TuningPlan() { }

    /// <summary>A design's parameters under the study's budget.</summary>
    /// <param name="Design">The design.</param>
    public sealed record Designed(Design Design) : TuningPlan;

    /// <summary>Every parameter of the backbone, no budget: the yardstick.</summary>
    public sealed record Full : TuningPlan;
}
