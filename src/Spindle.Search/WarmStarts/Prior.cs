using MathNet.Numerics.Statistics;
using Spindle.Metrics;
using Spindle.Metrics.GaussianProcesses;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Surrogates;

namespace Spindle.Search.WarmStarts;

/// <summary>What earlier searches expect of the sides of this one. Each has a model of its scores; how much they count is decided by how well they rank the sides that this search has scored.</summary>
internal sealed class Prior
{
    private readonly DesignFeatures features;
    private readonly (string Store, GaussianProcess Process)[] earlier;

    private Prior(DesignFeatures features, (string Store, GaussianProcess Process)[] earlier) => (this.features, this.earlier) = (features, earlier);

    /// <summary>The prior of a problem; null where it starts from no earlier search.</summary>
    /// <param name="problem">The problem.</param>
    public static Prior? Of(SearchProblem problem)
    {
        if (problem.Earlier.Count == 0) return null;
        var features = new DesignFeatures(problem);
        return new(features, [.. problem.Earlier.Select(study => (study.Store, Fit(features, study)))]);
    }

    /// <summary>How good each side is expected to be before anything is scored: the mean of the earlier searches, each with the mean 0 and the standard deviation 1 over these sides.</summary>
    /// <param name="sides">Sides, each with the learning rates and settings of which its best counts.</param>
    public IReadOnlyList<double> Expected(IReadOnlyList<IReadOnlyList<(Side Side, LearningRate? Rate)>> sides)
    {
        IReadOnlyList<double>[][] places = [.. sides.Select(side => side.Select(tried => features.Of(tried.Side, tried.Rate)).ToArray())];
        var expected = new double[sides.Count];
        foreach (var (_, process) in earlier)
        {
            double[] best = [.. places.Select(side => side.Max(process.Mean))];
            var (mean, deviation) = (best.Mean(), best.PopulationStandardDeviation());
            for (var side = 0; side < expected.Length; side++) expected[side] += deviation > 0 ? (best[side] - mean) / deviation : 0;
        }

        return expected;
    }

    /// <summary>Compares what the earlier searches expect with the scores of this one. The stage that scored most sides counts, because later ones score only what was good in it.</summary>
    /// <param name="scores">Scores in points; those of a rung are comparable.</param>
    public MeasuredPrior Measure(IReadOnlyList<(Side Side, LearningRate? Rate, int Rung, double Points)> scores)
    {
        var counted = scores.GroupBy(score => score.Rung).MaxBy(rung => rung.Count())?.ToArray() ?? [];
        double[] points = [.. counted.Select(score => score.Points)];
        IReadOnlyList<double>[] places = [.. counted.Select(score => features.Of(score.Side, score.Rate))];
        (GaussianProcess Process, RankCorrelation? Ranks, double Deviation)[] measured = [.. earlier.Select(study => Measure(study.Process))];
        EarlierCorrelation[] correlations = [.. earlier.Zip(measured, (study, one) => new EarlierCorrelation(study.Store, one.Ranks))];
        // each by its own correlation, in its own standard deviations
        (GaussianProcess Process, double Weight)[] weighted = [.. measured.Zip(correlations).Where(one => one.Second.Counts).Select(one => (one.First.Process, one.First.Ranks!.Value / one.First.Deviation))];
        double[] together = [.. places.Select(Together)];
        var slope = weighted.Length > 0 && RankCorrelation.Of(together, points) is { Value: > 0 } ranks ? ranks.Value * points.PopulationStandardDeviation() / together.PopulationStandardDeviation() : 0;
        return new(correlations, slope > 0 ? place => slope * Together(place) : null);

        (GaussianProcess, RankCorrelation?, double) Measure(GaussianProcess process)
        {
            double[] expected = [.. places.Select(process.Mean)];
            return (process, RankCorrelation.Of(expected, points), expected.PopulationStandardDeviation());
        }

        double Together(IReadOnlyList<double> place) => weighted.Sum(one => one.Weight * one.Process.Mean(place));
    }

    private static GaussianProcess Fit(DesignFeatures features, EarlierStudy study)
    {
        string[] conditions = [.. study.Scores.Select(score => score.Conditions).Distinct()];
        return GaussianProcess.Fit([.. study.Scores.Select(score => new ProcessObservation(features.Of(score), Array.IndexOf(conditions, score.Conditions), score.Points))]);
    }
}

/// <summary>A prior whose weight was measured.</summary>
/// <param name="Correlations">How well each earlier search ranks the sides of this one.</param>
/// <param name="Mean">What is expected of features in points, up to a constant; null where no earlier search counts.</param>
internal sealed record MeasuredPrior(IReadOnlyList<EarlierCorrelation> Correlations, Func<IReadOnlyList<double>, double>? Mean);
