using Spindle.Metrics.Comparisons;

namespace Spindle.Search.Results;

/// <summary>How certain the choices of a search are.</summary>
internal static class StageCertainty
{
    /// <summary>Adds the probability of being the best to the options, and the corrected p-value to the decided stages.</summary>
    public static IReadOnlyList<StageResult> AddTo(IReadOnlyList<StageResult> stages)
    {
        StageResult[] compared = [.. stages.Select(Compared)];
        var corrected = SelectedBest.Corrected([.. compared.Select(stage => stage is { IsDecided: true, Compares: true } ? stage.Winner?.ProbabilityOfBest : null)]);
        return [.. compared.Zip(corrected, (stage, probability) => stage with { CorrectedProbability = probability })];
    }

    private static StageResult Compared(StageResult stage)
    {
        OptionResult[] scored = [.. stage.Options.Where(option => option.SampleMeans.Count > 0)];
        if (scored.Length < 2) return stage;
        double[][] scores = [.. scored.Select(option => option.SampleMeans.OrderBy(sample => sample.Key).Select(sample => sample.Value).ToArray())];
        // the same sample of two options may share what they leave free; pairing also holds if it does not
        var isPaired = scored.All(option => option.SampleMeans.Keys.Order().SequenceEqual(scored[0].SampleMeans.Keys.Order()));
        if ((isPaired ? OptionPosterior.Paired(scores) : OptionPosterior.Independent(scores)) is not { } posterior) return stage;
        var probabilities = scored.Zip(posterior.Probabilities).ToDictionary(option => option.First.Name, option => option.Second, StringComparer.Ordinal);
        return stage with
        {
            Options = [.. stage.Options.Select(option => probabilities.TryGetValue(option.Name, out var best) ? option with { ProbabilityOfBest = best } : option)],
        };
    }
}
