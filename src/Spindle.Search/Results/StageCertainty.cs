using Spindle.Metrics.Comparisons;

namespace Spindle.Search.Results;

/// <summary>How certain the choices of a search are.</summary>
internal static class StageCertainty
{
    /// <summary>Adds the probability of being the best to the options, and the corrected p-value to the decided stages.</summary>
    public static IReadOnlyList<StageResult> AddTo(IReadOnlyList<StageResult> stages)
    {
        StageResult[] compared = [.. stages.Select(Compared)];
        var corrected = SelectedBest.Corrected([.. compared.Select(stage => stage is { IsDecided: true, Compares: true, Race: null } ? stage.Winner?.ProbabilityOfBest : null)]);
        return [.. compared.Zip(corrected, (stage, probability) => stage with { CorrectedProbability = stage.Race is { } race ? race.Probability : probability })];
    }

    /// <summary>The probability that each of several options is the best, by its name, from the scores of its samples; empty where nothing is known about chance.</summary>
    public static IReadOnlyDictionary<string, double> Probabilities(IReadOnlyList<(string Name, IReadOnlyDictionary<int, double> Scores)> options)
    {
        (string Name, IReadOnlyDictionary<int, double> Scores)[] scored = [.. options.Where(option => option.Scores.Count > 0)];
        if (scored.Length < 2) return new Dictionary<string, double>();
        double[][] scores = [.. scored.Select(option => option.Scores.OrderBy(sample => sample.Key).Select(sample => sample.Value).ToArray())];
        // the same sample of two options may share what they leave free; pairing also holds if it does not
        var isPaired = scored.All(option => option.Scores.Keys.Order().SequenceEqual(scored[0].Scores.Keys.Order()));
        return (isPaired ? OptionPosterior.Paired(scores) : OptionPosterior.Independent(scores)) is { } posterior
            ? scored.Zip(posterior.Probabilities).ToDictionary(option => option.First.Name, option => option.Second, StringComparer.Ordinal)
            : new Dictionary<string, double>();
    }

    private static StageResult Compared(StageResult stage)
    {
        // what was dropped has fewer designs, and no chance to be chosen
        var probabilities = Probabilities([.. stage.Options.Where(option => option.Dropped is null).Select(option => (option.Name, option.SampleMeans))]);
        return probabilities.Count == 0 ? stage : stage with
        {
            Options = [.. stage.Options.Select(option => probabilities.TryGetValue(option.Name, out var best) ? option with { ProbabilityOfBest = best } : option)],
        };
    }
}
