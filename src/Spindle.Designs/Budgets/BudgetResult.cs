using Spindle.Designs.Plans;

namespace Spindle.Designs.Budgets;

/// <summary>The solver's result for a design under a budget.</summary>
public abstract record BudgetResult
{
    private BudgetResult() { }

    /// <summary>The design fits.</summary>
    /// <param name="Plan">The design with its sizes.</param>
    public sealed record Solved(TuningPlan.Sized Plan) : BudgetResult;

    /// <summary>The design does not fit even with every size at 1, or has a strategy in a layer that does not support it.</summary>
    /// <param name="Reason">The reason: the layer, its minimum, and the available parameters.</param>
    /// <param name="Layer">The zero-based index of the layer that exceeds its share the most, or of the first layer with an unsupported strategy.</param>
    /// <param name="Needed">The minimum number of parameters of the design; 0 if a strategy is not supported.</param>
    /// <param name="Budget">The allowed number of parameters.</param>
    public sealed record Infeasible(string Reason, int Layer, long Needed, long Budget) : BudgetResult;

    /// <summary>Whether the design fits.</summary>
    public bool IsFeasible => this is Solved;

    /// <summary>The design with its sizes.</summary>
    /// <exception cref="InvalidOperationException">The design does not fit; the message is the reason.</exception>
    public TuningPlan.Sized Require() => this is Solved solved ? solved.Plan : throw new InvalidOperationException(((Infeasible)this).Reason);
}
