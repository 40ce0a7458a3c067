using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Surrogates;
using Spindle.Search.Trials;
using Spindle.Search.WarmStarts;

namespace Spindle.Search.Policies;

/// <summary>Orders the contenders of a rung by what a model of all rungs expects of them, and proposes new ones.</summary>
/// <param name="problem">The problem.</param>
internal sealed class RungRanking(SearchProblem problem)
{
    private readonly Proposals proposals = new(problem);

    private readonly DesignFeatures features = new(problem);

    private readonly Lazy<Prior?> prior = new(() => Prior.Of(problem));

    // by the number of rungs: a policy is asked again whenever a trial ends, and the same scores have the same model and proposals
    private readonly Dictionary<int, Fitted> fitted = [];

    /// <summary>What earlier searches expect, or null where the study starts from none.</summary>
    public Prior? Earlier => prior.Value;

    /// <summary>The contenders of the last rung from the best to the worst, then those of which no trial could be run; null until all its trials have finished.</summary>
    /// <param name="rungs">The rungs so far.</param>
    /// <param name="finished">The finished trials.</param>
    public IReadOnlyList<Contender>? Order(IReadOnlyList<Rung> rungs, FinishedTrials finished)
    {
        if (rungs[^1].Points(finished) is not { } points) return null;
        var model = Fit(rungs, finished).Model;
        return
        [
            .. rungs[^1].Contenders.Zip(points).OrderByDescending(pair => double.IsNegativeInfinity(pair.Second) ? double.NegativeInfinity : model?.Mean(pair.First.Side, pair.First.Rate) ?? pair.Second).Select(pair => pair.First),
        ];
    }

    /// <summary>How well the earlier searches rank the contenders of the rungs; empty without any, and until all trials have finished.</summary>
    /// <param name="rungs">The rungs so far.</param>
    /// <param name="finished">The finished trials.</param>
    public IReadOnlyList<EarlierCorrelation> Correlations(IReadOnlyList<Rung> rungs, FinishedTrials finished) =>
        Earlier is null || rungs[^1].Points(finished) is null ? [] : Fit(rungs, finished).Prior!.Correlations;

    /// <summary>New contenders, the best one first; none where too little is known.</summary>
    /// <param name="rungs">The rungs so far, all finished.</param>
    /// <param name="order">The contenders of the last rung, the best one first.</param>
    /// <param name="count">The most contenders.</param>
    /// <param name="finished">The finished trials.</param>
    public IReadOnlyList<Contender> Propose(IReadOnlyList<Rung> rungs, IReadOnlyList<Contender> order, int count, FinishedTrials finished)
    {
        if (count == 0 || Fit(rungs, finished) is not { Model: { } model } fit) return [];
        if (fit.Proposed.TryGetValue(count, out var proposed)) return proposed;
        var known = order.Concat(rungs.SelectMany(rung => rung.Contenders)).Distinct().ToArray();
        var first = 1 + known.Select(contender => contender.Side.Name).Distinct().Count(name => name.StartsWith("proposal ", StringComparison.Ordinal));
        proposed = [.. proposals.Take(model, [.. known.Select(contender => (contender.Side, contender.Rate))], count, first).Select(side => new Contender(side.Side, side.Rate))];
        fit.Proposed.Add(count, proposed);
        return proposed;
    }

    private Fitted Fit(IReadOnlyList<Rung> rungs, FinishedTrials finished)
    {
        (Side Side, LearningRate? Rate, int Rung, double Points)[] scores =
        [
            .. rungs.Index().SelectMany(rung => rung.Item.Contenders.Zip(rung.Item.Points(finished)!, (contender, points) => (contender.Side, contender.Rate, rung.Index, points))),
        ];
        double[] points = [.. scores.Select(score => score.Points)];
        if (!fitted.TryGetValue(rungs.Count, out var known) || !known.Points.SequenceEqual(points))
        {
            scores = [.. scores.Where(score => double.IsFinite(score.Points))];
            var measured = Earlier?.Measure(scores);
            fitted[rungs.Count] = known = new(points, Surrogate.Fit(features, scores, measured?.Mean), measured);
        }

        return known;
    }

    // the scores of all contenders, −∞ where there is none, their model if they are enough, how much earlier searches count, and what it proposed by the number that was asked for
    private sealed record Fitted(IReadOnlyList<double> Points, Surrogate? Model, MeasuredPrior? Prior)
    {
        public Dictionary<int, IReadOnlyList<Contender>> Proposed { get; } = [];
    }
}
