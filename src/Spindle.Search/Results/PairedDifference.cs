using Spindle.Search.Stages;

namespace Spindle.Search.Results;

/// <summary>The difference between the found design and a baseline, seed by seed.</summary>
/// <param name="Against">The baseline's name.</param>
/// <param name="Differences">Found minus baseline in points: for each seed, the mean over tasks.</param>
public sealed record PairedDifference(string Against, IReadOnlyList<double> Differences)
{
    /// <summary>The mean difference in points, and its standard error over seeds.</summary>
    public OptionScore Score => OptionScore.Of(Differences);

    /// <summary>The differences over the seeds that both have; null if there are none.</summary>
    public static PairedDifference? Of(FinalResult found, FinalResult baseline)
    {
        double[] differences = [.. found.SeedMeans
            .Where(seed => baseline.SeedMeans.ContainsKey(seed.Key))
            .OrderBy(seed => seed.Key)
            .Select(seed => seed.Value - baseline.SeedMeans[seed.Key])];
        return differences.Length == 0 ? null : new(baseline.Name, differences);
    }
}
