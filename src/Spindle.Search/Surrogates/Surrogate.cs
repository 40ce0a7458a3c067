using MathNet.Numerics.Distributions;
using Spindle.Metrics.GaussianProcesses;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Search.Surrogates;

/// <summary>A model of scores over the features of sides, fitted to the trials of all rungs together. What sides have in common is known better than what one training of a side shows.</summary>
internal sealed class Surrogate
{
    /// <summary>The fewest scores of which a model is made: with fewer, a score says more than its features.</summary>
    internal const int FewestScores = 12;

    private readonly DesignFeatures features;
    private readonly GaussianProcess process;

    private readonly Func<IReadOnlyList<double>, double>? prior;

    private Surrogate(DesignFeatures features, GaussianProcess process, Func<IReadOnlyList<double>, double>? prior) => (this.features, this.process, this.prior) = (features, process, prior);

    /// <summary>Fits a model; null where there are too few scores.</summary>
    /// <param name="features">The features.</param>
    /// <param name="scores">Mean scores over tasks in points; those of a rung are comparable.</param>
    /// <param name="prior">What is expected of features without any score, in points; null for the same of all.</param>
    public static Surrogate? Fit(DesignFeatures features, IReadOnlyList<(Side Side, LearningRate? Rate, int Rung, double Points)> scores, Func<IReadOnlyList<double>, double>? prior = null)
    {
        if (scores.Count < FewestScores) return null;
        var places = scores.Select(score => features.Of(score.Side, score.Rate));
        return new(features, GaussianProcess.Fit([.. scores.Zip(places, (score, place) => new ProcessObservation(place, score.Rung, score.Points - (prior?.Invoke(place) ?? 0)))]), prior);
    }

    /// <summary>The expected score of a side in points, to be compared with that of other sides.</summary>
    public double Mean(Side side, LearningRate? rate)
    {
        var place = features.Of(side, rate);
        return process.Mean(place) + (prior?.Invoke(place) ?? 0);
    }

    /// <summary>By how many points a side is expected to exceed a score, where falling short of it counts as nothing (Jones, Schonlau and Welch 1998, equation 15).</summary>
    /// <param name="side">The side.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="best">The score, as <see cref="Mean"/> gives it.</param>
    public double ExpectedImprovement(Side side, LearningRate? rate, double best)
    {
        var place = features.Of(side, rate);
        var (mean, deviation) = process.Predict(place);
        var ahead = mean + (prior?.Invoke(place) ?? 0) - best;
        if (deviation < 1e-9) return Math.Max(0, ahead);
        var normal = ahead / deviation;
        return (ahead * Normal.CDF(0, 1, normal)) + (deviation * Normal.PDF(0, 1, normal));
    }
}
