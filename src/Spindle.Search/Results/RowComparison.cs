using Spindle.Metrics.Paired;

namespace Spindle.Search.Results;

/// <summary>The difference between the found design and a baseline on the validation rows, over the seeds whose predictions both kept. It shows the uncertainty of the rows,
/// not of training with other seeds.</summary>
/// <param name="Against">The baseline's name.</param>
/// <param name="Task">The task, or null for the mean over tasks.</param>
/// <param name="Rows">The number of compared rows.</param>
/// <param name="Seeds">The number of seeds: those that both sides completed on every task.</param>
/// <param name="Effect">Found minus baseline in points with its 95% interval, by a paired bootstrap over the rows of each split.</param>
/// <param name="Probability">The two-sided p-value of a paired permutation test.</param>
public sealed record RowComparison(string Against, string? Task, int Rows, int Seeds, RowEffect Effect, double Probability);
