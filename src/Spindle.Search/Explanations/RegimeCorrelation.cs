using Spindle.Designs.Plans;
using Spindle.Metrics;

namespace Spindle.Search.Explanations;

/// <summary>How well scores after cheap training rank what was also trained on more rows or for more epochs.</summary>
/// <param name="Cheap">The stage of the cheap training.</param>
/// <param name="Full">The stage of the longer training.</param>
/// <param name="Trained">How many sides were trained cheaply. Where more were than are compared, those with the best scores are, and ranks among them agree less than among all.</param>
/// <param name="Ranks">Spearman's correlation over the sides that were trained in both.</param>
public sealed record RegimeCorrelation(Regime Cheap, Regime Full, int Trained, RankCorrelation Ranks)
{
    /// <summary>Whether only the survivors of the cheap training are compared.</summary>
    public bool IsOfSurvivors => Trained > Ranks.Count;

    /// <summary>The correlation of each stage with the latest stage before it that trained at least <see cref="RankCorrelation.FewestPairs"/> of the same sides on fewer examples.</summary>
    /// <param name="sides">The sides, stage by stage.</param>
    internal static IReadOnlyList<RegimeCorrelation> List(IReadOnlyList<ScoredSide> sides)
    {
        var correlations = new List<RegimeCorrelation>();
        var earlier = new List<Dictionary<(TuningPlan, double?, string?), ScoredSide>>();
        foreach (var stage in sides.GroupBy(side => side.Stage))
        {
            var here = new Dictionary<(TuningPlan, double?, string?), ScoredSide>();
            foreach (var side in stage) here.TryAdd((side.Plan, side.Key.LearningRate, side.Key.Settings), side);
            if (earlier.AsEnumerable().Reverse().Select(before => Of(before, here)).FirstOrDefault(found => found is not null) is { } correlation) correlations.Add(correlation);
            earlier.Add(here);
        }

        return correlations;
    }

    private static RegimeCorrelation? Of(Dictionary<(TuningPlan, double?, string?), ScoredSide> before, Dictionary<(TuningPlan, double?, string?), ScoredSide> here)
    {
        (ScoredSide Cheap, ScoredSide Full)[] both =
        [
            .. before.Where(side => here.ContainsKey(side.Key)).Select(side => (side.Value, here[side.Key])).Where(pair => pair.Item1.Examples < pair.Item2.Examples),
        ];
        return RankCorrelation.Of([.. both.Select(pair => pair.Cheap.Points)], [.. both.Select(pair => pair.Full.Points)]) is { } ranks
            ? new(Regime.Of(both[0].Cheap), Regime.Of(both[0].Full), before.Count, ranks)
            : null;
    }
}

/// <summary>The conditions of a stage's training.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="TrainingRows">The number of training rows, or null for the study's.</param>
/// <param name="Runs">The number of seeds that a score is the mean over.</param>
public sealed record Regime(string Stage, int Epochs, int? TrainingRows, int Runs)
{
    /// <summary>The regime of a side.</summary>
    internal static Regime Of(ScoredSide side) => new(side.Stage, side.Key.Epochs, side.Key.TrainingRows, side.Runs);
}
