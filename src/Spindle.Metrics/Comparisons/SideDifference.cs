using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Spindle.Metrics.Comparisons;

/// <summary>The difference between two sides that were scored on several tasks with several seeds. The estimate is the mean over tasks. Seeds are independent between tasks, so
/// each task contributes its own variance, and the degrees of freedom are those of Welch and Satterthwaite (Satterthwaite 1946; Welch 1947):
/// ν = (Σ vᵢ)² / Σ (vᵢ² / νᵢ), with the variance vᵢ of each part and its degrees of freedom νᵢ.</summary>
/// <param name="Estimate">The mean score of the first side minus that of the second.</param>
/// <param name="StandardError">The standard error over seeds: 0 if no score varies with the seed; null if a task has a single seed, because its variance is then unknown.</param>
/// <param name="DegreesOfFreedom">The degrees of freedom; null without a standard error above 0.</param>
/// <param name="Probability">The two-sided p-value of Student's t; null without a standard error above 0.</param>
/// <param name="Lower">The lower end of the confidence interval; null without a standard error above 0.</param>
/// <param name="Upper">The upper end of the interval.</param>
public sealed record SideDifference(double Estimate, double? StandardError, double? DegreesOfFreedom, double? Probability, double? Lower, double? Upper)
{
    private const double UsualConfidence = 0.95;

    /// <summary>Whether the difference is the same with every seed. Then there is no p-value: the scores show nothing about chance.</summary>
    public bool HasZeroVariance => StandardError == 0;

    /// <summary>The difference of sides that were trained with the same seeds.</summary>
    /// <param name="tasks">The scores on each task, at least one task. Both sides have the same number of seeds on a task.</param>
    /// <param name="confidence">The confidence of the interval, between 0 and 1.</param>
    /// <exception cref="ArgumentException">There are no tasks, a task has no scores, or the counts of a task differ.</exception>
    public static SideDifference Paired(IReadOnlyList<PairedTaskScores> tasks, double confidence = UsualConfidence)
    {
        if (tasks.Any(task => task.First.Count != task.Second.Count)) throw new ArgumentException("paired sides need the same seeds on each task", nameof(tasks));
        return Of(tasks, [.. tasks.Select(task => Part.Of([.. task.First.Zip(task.Second, (first, second) => first - second)], Largest(task)))], confidence);
    }

    /// <summary>The difference of sides whose seeds have nothing in common.</summary>
    /// <param name="tasks">The scores on each task, at least one task.</param>
    /// <param name="confidence">The confidence of the interval, between 0 and 1.</param>
    /// <exception cref="ArgumentException">There are no tasks, or a task has no scores.</exception>
    public static SideDifference Unpaired(IReadOnlyList<PairedTaskScores> tasks, double confidence = UsualConfidence) =>
        Of(tasks, [.. tasks.SelectMany(task => new[] { Part.Of(task.First, Largest(task)), Part.Of(task.Second, Largest(task)) })], confidence);

    private static SideDifference Of(IReadOnlyList<PairedTaskScores> tasks, IReadOnlyList<Part> parts, double confidence)
    {
        if (tasks.Count == 0) throw new ArgumentException("a difference needs at least one task", nameof(tasks));
        if (tasks.Any(task => task.First.Count == 0 || task.Second.Count == 0)) throw new ArgumentException("every task needs a score of each side", nameof(tasks));
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "must be between 0 and 1");
        var estimate = tasks.Average(task => task.First.Average() - task.Second.Average());
        if (parts.Any(part => part.DegreesOfFreedom == 0)) return new(estimate, null, null, null, null, null);
        var variance = parts.Sum(part => part.Variance);
        if (variance == 0) return new(estimate, 0, null, null, null, null);
        // relative to the sum, so that small variances do not vanish when squared
        var degrees = 1 / parts.Sum(part => part.Variance / variance * (part.Variance / variance) / part.DegreesOfFreedom);
        var error = Math.Sqrt(variance) / tasks.Count;
        var half = StudentT.InvCDF(0, 1, degrees, (1 + confidence) / 2) * error;
        return new(estimate, error, degrees, 2 * StudentT.CDF(0, 1, degrees, -Math.Abs(estimate / error)), estimate - half, estimate + half);
    }

    private static double Largest(PairedTaskScores task) => task.First.Concat(task.Second).Select(Math.Abs).DefaultIfEmpty(0).Max();

    // the variance of a mean over seeds
    private sealed record Part(double Variance, int DegreesOfFreedom)
    {
        public static Part Of(IReadOnlyList<double> values, double largest)
        {
            if (values.Count < 2) return new(0, 0);
            var deviation = values.StandardDeviation();
            return new(Variation.IsNone(deviation, [largest]) ? 0 : deviation * deviation / values.Count, values.Count - 1);
        }
    }
}
