using Spindle.Designs.Plans;

namespace Spindle.Search.Stages;

/// <summary>The designs sampled for an option.</summary>
/// <param name="Option">The option.</param>
/// <param name="Designs">The designs, one for each sample; empty if no design that fits the budget was found.</param>
/// <param name="Infeasible">Draws that did not fit the budget and were repeated.</param>
/// <param name="Duplicates">Draws that repeated an earlier design and were drawn again.</param>
/// <param name="Reason">Why the first draw that did not fit the budget did not, or null.</param>
public sealed record OptionDesigns(StageOption Option, IReadOnlyList<SampledDesign> Designs, int Infeasible, int Duplicates, string? Reason)
{
    /// <summary>Whether a design of the option fits the budget, so that the option can be chosen.</summary>
    public bool IsFeasible => Designs.Count > 0;
}

/// <summary>A design that fits the budget.</summary>
/// <param name="Sample">The zero-based index of the sample.</param>
/// <param name="Plan">The design with its sizes.</param>
public sealed record SampledDesign(int Sample, TuningPlan.Sized Plan);
