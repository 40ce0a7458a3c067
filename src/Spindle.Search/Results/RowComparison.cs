using Spindle.Metrics.Paired;

namespace Spindle.Search.Results;

/// <summary>The difference between the found design and a baseline on the validation rows, over the seeds whose predictions both kept.</summary>
/// <param name="Against">The baseline's name.</param>
/// <param name="Task">The task, or null for the mean over the tasks that vote, see <see cref="StudyResult.Voting"/>.</param>
/// <param name="Rows">The number of compared rows.</param>
/// <param name="Seeds">The number of seeds: those that both sides completed on every task.</param>
/// <param name="Effect">The tested side minus the other in points with its 95% interval, by a paired bootstrap over the rows of each split: the uncertainty of the rows,
/// not of training with other seeds.</param>
/// <param name="Probability">The two-sided p-value of a paired permutation test.</param>
public sealed record RowComparison(string Against, string? Task, int Rows, int Seeds, RowEffect Effect, double Probability)
{
    /// <summary>The tested side minus the other in points with its 95% interval, by a multi-bootstrap over seeds and rows: the uncertainty of both. Null for fewer than two seeds.</summary>
    public RowEffect? SeedsAndRows { get; init; }
}
