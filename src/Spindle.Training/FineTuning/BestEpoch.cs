using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>Early stopping: keeps the values of the best epoch, and ends training when several epochs bring no better one.</summary>
/// <param name="values">The trained values, which are changed in place.</param>
/// <param name="patience">The epochs without a better score before training ends; null never ends it, and keeps the last epoch.</param>
internal sealed class BestEpoch(Tensor values, int? patience) : IDisposable
{
    /// <summary>The values of the best epoch, or null before the first.</summary>
    public Tensor? Values { get; private set; }

    /// <summary>The score of the best epoch, or null before the first.</summary>
    public double? Score { get; private set; }

    /// <summary>The epochs since the best one.</summary>
    public int Worse { get; private set; }

    /// <summary>Continues where an earlier process stood.</summary>
    /// <param name="kept">The values of the best epoch, or null.</param>
    /// <param name="score">Its score.</param>
    /// <param name="worse">The epochs since.</param>
    public void Resume(Tensor? kept, double? score, int worse) => (Values, Score, Worse) = (kept?.DetachFromDisposeScope(), score, worse);

    /// <summary>Whether training ends after an epoch with this score.</summary>
    public bool EndsAfter(double score)
    {
        if (patience is null) return false;
        if (score <= Score) return ++Worse >= patience;
        (Score, Worse) = (score, 0);
        Values?.Dispose();
        using var noGrad = no_grad();
        Values = values.clone().DetachFromDisposeScope();
        return false;
    }

    /// <summary>Returns to the values of the best epoch, where they are not the last ones.</summary>
    /// <returns>Whether the values have changed.</returns>
    public bool Restore()
    {
        if (Values is null || Worse == 0) return false;
        using var noGrad = no_grad();
        values.copy_(Values);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Values?.Dispose();
}
