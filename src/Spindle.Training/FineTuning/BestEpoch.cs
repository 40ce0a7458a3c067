using Spindle.Training.Evaluation;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>Early stopping: keeps the values of the best epoch, and ends training when several epochs bring no better one.</summary>
/// <param name="values">The trained values, which are changed in place.</param>
/// <param name="patience">The epochs without a better score before training ends; null never ends it, and keeps the last epoch.</param>
internal sealed class BestEpoch(Tensor values, int? patience) : IDisposable
{
    private Tensor? kept;
    private TaskScores? best;
    private int worse;

    /// <summary>Whether training ends after an epoch with these scores.</summary>
    public bool EndsAfter(TaskScores scores)
    {
        if (patience is null) return false;
        if (best is not null && scores.Score <= best.Score) return ++worse >= patience;
        (best, worse) = (scores, 0);
        kept?.Dispose();
        using var noGrad = no_grad();
        kept = values.clone().DetachFromDisposeScope();
        return false;
    }

    /// <summary>Returns to the values of the best epoch.</summary>
    /// <returns>Its scores, or null if the last epoch is kept.</returns>
    public TaskScores? Restore()
    {
        if (kept is null) return null;
        using var noGrad = no_grad();
        values.copy_(kept);
        return best;
    }

    /// <inheritdoc/>
    public void Dispose() => kept?.Dispose();
}
