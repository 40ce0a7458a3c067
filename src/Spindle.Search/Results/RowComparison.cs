using Spindle.Metrics.Paired;

namespace Spindle.Search.Results;

/// <summary>Whether the found design and a baseline differ on the validation rows, over the seeds of which both kept predictions: how sure the rows are, not how
/// other seeds would train.</summary>
/// <param name="Against">The baseline's name.</param>
/// <param name="Task">The task, or null for the mean over tasks.</param>
/// <param name="Rows">Rows that were compared.</param>
/// <param name="Seeds">Seeds over which they were: those that both sides trained to the end on every task.</param>
/// <param name="Effect">Found minus baseline in points with its 95% interval, by a paired bootstrap over the rows of each split.</param>
/// <param name="Probability">The two-sided probability of such a difference where there is none, by a paired permutation test.</param>
public sealed record RowComparison(string Against, string? Task, int Rows, int Seeds, RowEffect Effect, double Probability);
