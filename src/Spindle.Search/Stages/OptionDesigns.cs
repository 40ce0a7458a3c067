using Spindle.Designs.Plans;

namespace Spindle.Search.Stages;

/// <summary>The designs sampled for an option.</summary>
/// <param name="Option">The option.</param>
/// <param name="Designs">The designs, one for each sample; none where no design of the option was found that fits the budget.</param>
/// <param name="Infeasible">Draws that did not fit the budget and were repeated.</param>
/// <param name="Duplicates">Draws of a design that was there already, which were repeated.</param>
/// <param name="Reason">Why the first draw that did not fit did not, or null.</param>
public sealed record OptionDesigns(StageOption Option, IReadOnlyList<SampledDesign> Designs, int Infeasible, int Duplicates, string? Reason)
{
    /// <summary>Whether any design of the option fits, so that it may be chosen.</summary>
    public bool IsFeasible => Designs.Count > 0;
}

/// <summary>A design that fits the budget.</summary>
/// <param name="Sample">The zero-based sample that it was drawn for.</param>
/// <param name="Plan">The design with its sizes.</param>
public sealed record SampledDesign(int Sample, TuningPlan.Sized Plan);
