using MathNet.Numerics.Distributions;
using Spindle.Metrics.GaussianProcesses;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Search.Surrogates;

/// <summary>A model of scores over the features of sides, fitted to the trials of all rungs together. What sides have in common is known better than what one training of a side shows.</summary>
internal sealed class Surrogate
{
    // with fewer, a score says more than its features
    private const int FewestScores = 12;

    private readonly DesignFeatures features;
    private readonly GaussianProcess process;

    private Surrogate(DesignFeatures features, GaussianProcess process) => (this.features, this.process) = (features, process);

    /// <summary>Fits a model; null where there are too few scores.</summary>
    /// <param name="features">The features.</param>
    /// <param name="scores">Mean scores over tasks in points; those of a rung are comparable.</param>
    public static Surrogate? Fit(DesignFeatures features, IReadOnlyList<(Side Side, LearningRate? Rate, int Rung, double Points)> scores) => scores.Count < FewestScores
        ? null
        : new(features, GaussianProcess.Fit([.. scores.Select(score => new ProcessObservation(features.Of(score.Side, score.Rate), score.Rung, score.Points))]));

    /// <summary>The expected score of a side in points, relative to the mean of all that were trained.</summary>
    public double Mean(Side side, LearningRate? rate) => process.Predict(features.Of(side, rate)).Mean;

    /// <summary>By how many points a side is expected to exceed a score, where falling short of it counts as nothing (Jones, Schonlau and Welch 1998, equation 15).</summary>
    /// <param name="side">The side.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="best">The score, as <see cref="Mean"/> gives it.</param>
    public double ExpectedImprovement(Side side, LearningRate? rate, double best)
    {
        var (mean, deviation) = process.Predict(features.Of(side, rate));
        var ahead = mean - best;
        if (deviation < 1e-9) return Math.Max(0, ahead);
        var normal = ahead / deviation;
        return (ahead * Normal.CDF(0, 1, normal)) + (deviation * Normal.PDF(0, 1, normal));
    }
}
