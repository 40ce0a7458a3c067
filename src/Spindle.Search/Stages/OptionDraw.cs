using Spindle.Designs;
using Spindle.Designs.Budgets;

namespace Spindle.Search.Stages;

/// <summary>The designs drawn for an option.</summary>
/// <param name="Option">The option.</param>
/// <param name="Designs">The designs, one a sample; none where no design of the option was found that fits the budget.</param>
/// <param name="Infeasible">Draws that did not fit the budget and were drawn again.</param>
/// <param name="Duplicates">Draws that were drawn before and were drawn again.</param>
/// <param name="Reason">Why the first draw that did not fit did not, or null.</param>
public sealed record OptionDraw(StageOption Option, IReadOnlyList<DrawnDesign> Designs, int Infeasible, int Duplicates, string? Reason)
{
    /// <summary>Whether any design of the option fits, so that it may be chosen.</summary>
    public bool IsFeasible => Designs.Count > 0;
}

/// <summary>A design that fits the budget.</summary>
/// <param name="Sample">The zero-based sample that it was drawn for.</param>
/// <param name="Design">The design.</param>
/// <param name="Solution">Its sizes.</param>
public sealed record DrawnDesign(int Sample, Design Design, BudgetSolution Solution);
