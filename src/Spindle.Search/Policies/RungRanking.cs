using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Surrogates;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>Orders the contenders of a rung by what a model of all rungs expects of them, and proposes new ones.</summary>
/// <param name="problem">The problem.</param>
internal sealed class RungRanking(SearchProblem problem)
{
    private readonly Proposals proposals = new(problem);

    private readonly DesignFeatures features = new(problem);

    // a model is fitted once for the same scores
    private readonly Dictionary<int, (IReadOnlyList<double> Scores, Surrogate? Model)> fitted = [];

    /// <summary>The contenders of the last rung from the best to the worst, then those of which no trial could be run; null until all its trials have finished.</summary>
    /// <param name="rungs">The rungs so far.</param>
    /// <param name="finished">The finished trials.</param>
    public IReadOnlyList<Contender>? Order(IReadOnlyList<Rung> rungs, FinishedTrials finished)
    {
        if (rungs[^1].Points(finished) is not { } points) return null;
        var model = Fit(rungs, finished);
        return
        [
            .. rungs[^1].Contenders.Zip(points).OrderByDescending(pair => double.IsNegativeInfinity(pair.Second) ? double.NegativeInfinity : model?.Mean(pair.First.Side, pair.First.Rate) ?? pair.Second).Select(pair => pair.First),
        ];
    }

    /// <summary>New contenders, the best one first; none where too little is known.</summary>
    /// <param name="rungs">The rungs so far, all finished.</param>
    /// <param name="order">The contenders of the last rung, the best one first.</param>
    /// <param name="count">The most contenders.</param>
    /// <param name="finished">The finished trials.</param>
    public IReadOnlyList<Contender> Propose(IReadOnlyList<Rung> rungs, IReadOnlyList<Contender> order, int count, FinishedTrials finished)
    {
        if (count == 0 || Fit(rungs, finished) is not { } model) return [];
        var known = order.Concat(rungs.SelectMany(rung => rung.Contenders)).Distinct().ToArray();
        var first = 1 + known.Select(contender => contender.Side.Name).Distinct().Count(name => name.StartsWith("proposal ", StringComparison.Ordinal));
        return [.. proposals.Take(model, [.. known.Select(contender => (contender.Side, contender.Rate))], count, first).Select(side => new Contender(side.Side, side.Rate))];
    }

    private Surrogate? Fit(IReadOnlyList<Rung> rungs, FinishedTrials finished)
    {
        (Side Side, LearningRate? Rate, int Rung, double Points)[] scores =
        [
            .. rungs.Index().SelectMany(rung => rung.Item.Contenders.Zip(rung.Item.Points(finished)!, (contender, points) => (contender.Side, contender.Rate, rung.Index, points))).Where(score => double.IsFinite(score.points)),
        ];
        double[] values = [.. scores.Select(score => score.Points)];
        if (!fitted.TryGetValue(rungs.Count, out var known) || !known.Scores.SequenceEqual(values)) fitted[rungs.Count] = known = (values, Surrogate.Fit(features, scores));
        return known.Model;
    }
}
