using MathNet.Numerics.Distributions;
using Spindle.Metrics.Paired;
using Spindle.Metrics.Predictions;

namespace Spindle.Metrics.Tests;

/// <summary>The bootstrap over seeds and rows.</summary>
public class MultiBootstrapTests
{
    [Fact]
    public void The_difference_is_the_mean_over_seeds_and_metrics_and_the_weighted_sum_over_splits()
    {
        double[] labels = [1, 1, 1, 0];
        var first = Split(labels, 100, ["accuracy", "f1"], [[1, 1, 1, 0], [1, 1, 0, 0]], [[0, 0, 0, 0], [1, 1, 1, 0]]);
        var other = Split([1.0], 50, ["accuracy"], [[1]], [[0]]);
        var expected = 100 * ((1 + 1 + 0.75 + 0.8) / 4 - (0.25 + 0 + 1 + 1) / 4) + 50;
        Assert.Equal(expected, MultiBootstrap.Paired([[first], [other]]).Difference, 1e-9);
        Assert.Equal(expected, MultiBootstrap.Unpaired([[first], [other]]).Run(draws: 5, stop: TestContext.Current.CancellationToken).Difference, 1e-9);
    }

    [Fact]
    public void With_one_seed_its_interval_is_that_of_the_paired_bootstrap()
    {
        var random = new Random(2);
        double[] labels = [.. Enumerable.Repeat(1.0, 300)];
        var (first, second) = (Noisy(random, labels, 0.8), Noisy(random, labels, 0.7));
        var both = MultiBootstrap.Paired([[Split(labels, 1, ["accuracy"], [first], [second])]]).Run(4000, stop: TestContext.Current.CancellationToken);
        var rows = new PairedRows(PairedSet.Of(labels, [(first, second)], [(expected, predicted) => MetricCatalogue.Pairs("accuracy", expected, predicted)])).Bootstrap(4000, stop: TestContext.Current.CancellationToken);
        Assert.Equal(rows.Difference, both.Difference, 1e-12);
        Assert.Equal(rows.Lower, both.Lower, 0.01);
        Assert.Equal(rows.Upper, both.Upper, 0.01);
    }

    [Fact]
    public void Where_all_rows_of_a_seed_are_alike_its_variance_is_that_of_the_mean_over_seeds()
    {
        // each seed is right on all rows or on none, so that only seeds vary: 5 of 8 seeds differ
        double[] labels = [1, 1], none = [0, 0];
        double[][] first = [.. Enumerable.Range(0, 8).Select(seed => seed < 5 ? labels : none)], second = [.. Enumerable.Repeat(none, 8)];
        var effect = MultiBootstrap.Paired([[Split(labels, 1, ["accuracy"], first, second)]]).Run(20_000, confidence: 0.6827, stop: TestContext.Current.CancellationToken);
        // draws are means of 7 of 8 seeds: a binomial distribution of 7 with probability 5/8
        Assert.Equal(Binomial(0.15865) / 7.0, effect.Lower, 1e-9);
        Assert.Equal(Binomial(0.84135) / 7.0, effect.Upper, 1e-9);

        static int Binomial(double share)
        {
            var count = 0;
            while (MathNet.Numerics.Distributions.Binomial.CDF(5.0 / 8, 7, count) < share) count++;
            return count;
        }
    }

    [Fact]
    public void Paired_seeds_that_rise_and_fall_together_give_a_narrower_interval()
    {
        var random = new Random(3);
        double[] labels = [.. Enumerable.Repeat(1.0, 400)];
        double[] strengths = [0.5, 0.6, 0.7, 0.8, 0.9];
        double[][] first = [.. strengths.Select(strength => Noisy(random, labels, strength))], second = [.. strengths.Select(strength => Noisy(random, labels, strength - 0.05))];
        var split = Split(labels, 1, ["accuracy"], first, second);
        var (paired, unpaired) = (MultiBootstrap.Paired([[split]]).Run(stop: TestContext.Current.CancellationToken), MultiBootstrap.Unpaired([[split]]).Run(stop: TestContext.Current.CancellationToken));
        Assert.Equal(paired.Difference, unpaired.Difference, 1e-12);
        Assert.InRange((paired.Upper - paired.Lower) / (unpaired.Upper - unpaired.Lower), 0, 0.6);
    }

    [Fact]
    public void It_covers_the_true_difference_where_the_bootstrap_over_rows_does_not()
    {
        // both sides are equally good, and their seeds vary by 5 points; rows alone say nothing about that
        const int Trials = 150;
        var random = new Random(4);
        double[] labels = [.. Enumerable.Repeat(1.0, 200)];
        var (covered, byRows) = (0, 0);
        for (var trial = 0; trial < Trials; trial++)
        {
            double[][] Side() => [.. Enumerable.Range(0, 5).Select(_ => Noisy(random, labels, Normal.Sample(random, 0.7, 0.05)))];
            var (first, second) = (Side(), Side());
            var effect = MultiBootstrap.Unpaired([[Split(labels, 1, ["accuracy"], first, second)]]).Run(200, seed: trial, stop: TestContext.Current.CancellationToken);
            if (effect is { Lower: <= 0, Upper: >= 0 }) covered++;
            var rows = new PairedRows(PairedSet.Of(labels, [.. first.Zip(second, (one, other) => ((IReadOnlyList<double>)one, (IReadOnlyList<double>)other))],
                [(expected, predicted) => MetricCatalogue.Pairs("accuracy", expected, predicted)])).Bootstrap(200, seed: trial, stop: TestContext.Current.CancellationToken);
            if (rows is { Lower: <= 0, Upper: >= 0 }) byRows++;
        }
        Assert.InRange(covered, 0.88 * Trials, Trials);
        Assert.InRange(byRows, 0, 0.8 * Trials);
    }

    [Fact]
    public void Exchanging_the_sides_reverses_the_interval() => Gen.Int[0, 1000].Sample(seed =>
    {
        var random = new Random(seed);
        double[] labels = [.. Enumerable.Range(0, 20).Select(row => (double)(row % 3))];
        double[][] first = [Noisy(random, labels, 0.8), Noisy(random, labels, 0.6)], second = [Noisy(random, labels, 0.7), Noisy(random, labels, 0.5)];
        var there = MultiBootstrap.Paired([[Split(labels, 1, ["matthews"], first, second)]]).Run(draws: 40, seed: seed);
        var back = MultiBootstrap.Paired([[Split(labels, 1, ["matthews"], second, first)]]).Run(draws: 40, seed: seed);
        Assert.Equal(there.Difference, -back.Difference, 1e-12);
        Assert.Equal(there.Lower, -back.Upper, 1e-9);
        Assert.Equal(there.Probability, back.Probability, 1e-12);
    }, iter: 50);

    [Fact]
    public void Equal_sides_differ_by_nothing()
    {
        double[][] seeds = [[1, 0, 1], [1, 1, 1]];
        Assert.Equal(new(0, 1, 0, 0), MultiBootstrap.Paired([[Split([1, 0, 1], 1, ["accuracy"], seeds, seeds)]]).Run(draws: 20, stop: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Sides_with_other_seeds_or_rows_are_refused()
    {
        var uneven = Split([1, 0], 1, ["accuracy"], [[1, 0], [1, 1]], [[0, 0]]);
        Assert.Throws<ArgumentException>(() => MultiBootstrap.Paired([[uneven]]));
        Assert.Equal(0.25, MultiBootstrap.Unpaired([[uneven]]).Difference, 1e-12);
        Assert.Throws<ArgumentException>(() => MultiBootstrap.Paired([]));
        Assert.Throws<ArgumentException>(() => MultiBootstrap.Paired([[]]));
        Assert.Throws<ArgumentException>(() => MultiBootstrap.Unpaired([[uneven, Split([1], 1, ["accuracy"], [[1]], [[1]])]]));
        Assert.Throws<ArgumentException>(() => MultiBootstrap.Unpaired([[new(uneven.First, Split([1], 1, ["accuracy"], [[1]], [[1]]).Second)]]));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => MultiBootstrap.Unpaired([[uneven]]).Run(stop: stop.Token));
    }

    private static SeededSplit Split(double[] labels, double weight, string[] metrics, double[][] first, double[][] second)
    {
        return new([.. first.Select(Pairs)], [.. second.Select(Pairs)], weight);

        IReadOnlyList<IPairMetric> Pairs(double[] predictions) => new SplitPredictions.OfLabels("validation", metrics, labels, predictions).Pairs();
    }

    private static double[] Noisy(Random random, double[] labels, double share) => [.. labels.Select(label => random.NextDouble() < share ? label : label == 0 ? 1 : 0)];
}
