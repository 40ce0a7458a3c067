namespace Spindle.Metrics.Comparisons;

/// <summary>Tests whether an option that was kept because its mean is best really is the best.</summary>
public static class SelectedBest
{
    /// <summary>The p-value of one choice: twice the probability that another option is best. Where the probability that the option is best exceeds 1 − α/2, its mean also exceeds
    /// each other mean in a two-sided t-test at level α. If every option is equal, that happens to any option with a probability of at most α, however many options there are
    /// (Gutmann and Maymin 1987, Is the selected population the best?).</summary>
    /// <param name="probabilityOfBest">The probability that the kept option is the best, from 0 to 1.</param>
    public static double Probability(double probabilityOfBest) => Math.Min(1, 2 * (1 - probabilityOfBest));

    /// <summary>The p-values of all choices of a search after Holm's correction. If only those below α are called certain, the probability that a search calls any wrong choice certain
    /// is at most α.</summary>
    /// <param name="probabilitiesOfBest">For each choice, the probability that the kept option is the best, or null if nothing is known about chance; its p-value is then null too.</param>
    public static IReadOnlyList<double?> Corrected(IReadOnlyList<double?> probabilitiesOfBest) =>
        [.. Holm.Adjust([.. probabilitiesOfBest.Select(best => best is { } known ? Probability(known) : double.NaN)])
            .Select(corrected => double.IsNaN(corrected) ? null : (double?)corrected)];
}
