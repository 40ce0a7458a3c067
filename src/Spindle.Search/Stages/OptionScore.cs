using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>The mean score of several designs.</summary>
/// <param name="Designs">Designs whose tasks have all finished; only these count.</param>
/// <param name="Mean">The mean over these designs and tasks in points; null if there are none.</param>
/// <param name="StandardError">The standard error of that mean: the sample standard deviation of the designs' means over √n; null for fewer than two.</param>
public sealed record OptionScore(int Designs, double? Mean, double? StandardError)
{
    /// <summary>The score of an option's trials.</summary>
    /// <param name="trials">The trials of one option. Unfinished trials are ignored.</param>
    /// <param name="tasks">The number of tasks.</param>
    public static OptionScore Of(IEnumerable<Trial> trials, int tasks) => Of([.. SampleMeans(trials, tasks).Values]);

    /// <summary>The mean over tasks of each design whose tasks have all finished, in points, by the design's sample.</summary>
    /// <param name="trials">The trials of one option. Unfinished trials are ignored.</param>
    /// <param name="tasks">The number of tasks.</param>
    public static IReadOnlyDictionary<int, double> SampleMeans(IEnumerable<Trial> trials, int tasks) => new OrderedDictionary<int, double>(trials
        .Where(trial => trial.Counts)
        .GroupBy(trial => trial.Spec.Key.Sample)
        .OrderBy(sample => sample.Key)
        .Where(sample => sample.Count() == tasks)
        .Select(sample => KeyValuePair.Create(sample.Key, sample.OrderBy(trial => trial.Id).Average(trial => trial.Points))));

    /// <summary>The score from the means of designs.</summary>
    public static OptionScore Of(IReadOnlyList<double> means)
    {
        if (means.Count == 0) return new(0, null, null);
        var mean = means.Average();
        double? error = means.Count < 2 ? null : Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (means.Count - 1) / means.Count);
        return new(means.Count, mean, error);
    }
}
