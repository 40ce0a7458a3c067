using Spindle.Designs.Plans;

namespace Spindle.Designs.Budgets;

/// <summary>What the solver says of a design under a budget.</summary>
public abstract record BudgetResult
{
    private BudgetResult() { }

    /// <summary>The design fits.</summary>
    /// <param name="Plan">The design with its sizes.</param>
    public sealed record Solved(TuningPlan.Sized Plan) : BudgetResult;

    /// <summary>The design does not fit, even with every size at 1, or puts a strategy where it has no place.</summary>
    /// <param name="Reason">Why, in words: which layer, what it needs at least, what there is.</param>
    /// <param name="Layer">The zero-based layer that lacks the most against its share, or the first with a strategy that has no place there.</param>
    /// <param name="Needed">The parameters that the design needs at least; 0 where a strategy has no place.</param>
    /// <param name="Budget">The parameters that were allowed.</param>
    public sealed record Infeasible(string Reason, int Layer, long Needed, long Budget) : BudgetResult;

    /// <summary>Whether the design fits.</summary>
    public bool IsFeasible => this is Solved;

    /// <summary>The design with its sizes.</summary>
    /// <exception cref="InvalidOperationException">The design does not fit; the message is the reason.</exception>
    public TuningPlan.Sized Require() => this is Solved solved ? solved.Plan : throw new InvalidOperationException(((Infeasible)this).Reason);
}
