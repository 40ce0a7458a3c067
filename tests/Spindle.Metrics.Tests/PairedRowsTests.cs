using Spindle.Metrics.Paired;

namespace Spindle.Metrics.Tests;

/// <summary>Tests over validation rows, effects and corrections.</summary>
public class PairedRowsTests
{
    private static readonly Gen<double[]> Labels = Gen.Int[0, 2].Select(label => (double)label).Array[1, 40];

    [Fact]
    public void A_model_against_itself_differs_by_nothing_and_surely_by_chance() => Labels.Sample(labels =>
    {
        double[] predictions = [.. labels.Select((label, row) => row % 3 == 0 ? label : 0)];
        var test = Rows("accuracy", labels, predictions, predictions);
        Assert.Equal(new(0, 1), test.Permutation(draws: 20));
        Assert.Equal(new(0, 1, 0, 0), test.Bootstrap(draws: 20));
    }, iter: 50);

    [Fact]
    public void Exchanging_the_models_turns_the_difference_and_its_interval_around() => Gen.Select(Labels, Gen.Int[0, 1000]).Sample((labels, seed) =>
    {
        var random = new Random(seed);
        double[] Noisy() => [.. labels.Select(label => random.Next(3) == 0 ? random.Next(3) : label)];
        var (first, second) = (Noisy(), Noisy());
        var (test, other) = (Rows("matthews", labels, first, second), Rows("matthews", labels, second, first));
        var (there, back) = (test.Bootstrap(draws: 30, seed: seed), other.Bootstrap(draws: 30, seed: seed));
        Assert.Equal(there.Difference, -back.Difference, 1e-12);
        Assert.Equal(there.Lower, -back.Upper, 1e-9);
        Assert.Equal(there.Probability, back.Probability, 1e-12);
        Assert.Equal(test.Permutation(draws: 30, seed: seed).Probability, other.Permutation(draws: 30, seed: seed).Probability, 1e-12);
    }, iter: 100);

    [Fact]
    public void The_permutation_of_few_rows_nears_the_share_of_all_exchanges()
    {
        // one model is right in 8 rows where the other is wrong: of 2^8 exchanges two are as far apart
        double[] labels = [.. Enumerable.Repeat(1.0, 8)];
        var result = Rows("accuracy", labels, labels, new double[8]).Permutation(draws: 20_000, stop: TestContext.Current.CancellationToken);
        Assert.Equal(1, result.Statistic);
        Assert.InRange(result.Probability, 0.005, 0.011);
    }

    [Fact]
    public void The_bootstraps_interval_of_a_mean_is_that_of_the_normal_distribution()
    {
        var random = new Random(1);
        double[] labels = [.. Enumerable.Repeat(1.0, 400)];
        double[] predictions = [.. labels.Select(_ => random.NextDouble() < 0.7 ? 1.0 : 0)];
        var effect = Rows("accuracy", labels, predictions, new double[400]).Bootstrap(draws: 4000, stop: TestContext.Current.CancellationToken);
        var half = 1.96 * Math.Sqrt(effect.Difference * (1 - effect.Difference) / 400);
        Assert.Equal(effect.Difference - half, effect.Lower, 0.01);
        Assert.Equal(effect.Difference + half, effect.Upper, 0.01);
        Assert.InRange(effect.Probability, 0, 0.001);
    }

    [Fact]
    public void Texts_are_compared_as_a_corpus()
    {
        string[] references = ["a b c d e", "f g h i j", "k l m n o", "p q r s t"];
        string[] worse = [.. references.Select(text => text[2..])];
        var result = new PairedRows(PairedSet.Of(references, [(references, worse)], [(wanted, written) => TextMetricCatalogue.Pairs("bleu", wanted, written)])).Bootstrap(draws: 50, stop: TestContext.Current.CancellationToken);
        Assert.Equal(1 - TextMetricCatalogue.Compute("bleu", references, worse), result.Difference, 1e-9);
        Assert.True(result.Lower > 0);
    }

    [Fact]
    public void Several_runs_count_as_their_mean_and_several_sets_as_their_weighted_sum()
    {
        double[] labels = [1, 1, 1, 1];
        var metric = (IReadOnlyList<double> wanted, IReadOnlyList<double> predicted) => MetricCatalogue.Pairs("accuracy", wanted, predicted);
        // the one model is right on all rows; the other on half of them, then on none
        var runs = PairedSet.Of(labels, [(labels, [1, 1, 0, 0]), (labels, [0, 0, 0, 0])], [metric], weight: 100);
        var same = PairedSet.Of([0.0], [([0.0], [0.0])], [metric], weight: 50);
        Assert.Equal(75, new PairedRows(runs, same).Difference, 1e-9);
        Assert.Equal(75, new PairedRows(runs, same).Bootstrap(draws: 10, stop: TestContext.Current.CancellationToken).Difference, 1e-9);
    }

    [Fact]
    public void A_difference_in_every_run_is_surer_than_in_one()
    {
        var random = new Random(3);
        double[] labels = [.. Enumerable.Repeat(1.0, 200)];
        double[] Noisy(double share) => [.. labels.Select(_ => random.NextDouble() < share ? 1.0 : 0)];
        (IReadOnlyList<double> First, IReadOnlyList<double> Second)[] runs = [.. Enumerable.Range(0, 5).Select(_ => (Noisy(0.7), Noisy(0.65)))];
        double Width(int count)
        {
            var effect = new PairedRows(PairedSet.Of(labels, runs[..count], [(wanted, predicted) => MetricCatalogue.Pairs("accuracy", wanted, predicted)])).Bootstrap();
            return effect.Upper - effect.Lower;
        }
        Assert.InRange(Width(5) / Width(1), 0.35, 0.6); // of independent runs 1 / √5 = 0.45
    }

    [Fact]
    public void Holms_correction_multiplies_the_smallest_by_all_and_never_falls()
    {
        double[] expected = [0.04, 0.06, 0.06, 0.02, double.NaN];
        foreach (var (wanted, own) in expected.Zip(Holm.Adjust([0.01 + 0.01 / 3, 0.03, 0.04, 0.005, double.NaN]))) Assert.Equal(wanted, own, 1e-12);
        Gen.Double[0, 1].Array[1, 12].Sample(probabilities =>
        {
            var adjusted = Holm.Adjust(probabilities);
            foreach (var ((own, corrected), other) in probabilities.Zip(adjusted).SelectMany(pair => probabilities.Zip(adjusted), (pair, other) => (pair, other)))
            {
                Assert.InRange(corrected, own, 1);
                if (own < other.First) Assert.True(corrected <= other.Second);
            }
        }, iter: 200);
    }

    [Fact]
    public void An_effects_interval_leaves_out_nothing_where_its_test_says_so() => Gen.Double[-3, 5].Array[2, 12].Sample(differences =>
    {
        var effect = PairedEffect.Of(differences);
        var probability = Significance.PairedT(differences, new double[differences.Length]).Probability;
        if (double.IsNaN(probability) || Math.Abs(probability - 0.05) < 1e-6) return;
        Assert.Equal(probability < 0.05, effect.Lower > 0 || effect.Upper < 0);
        Assert.Equal(differences.Average(), effect.Mean, 1e-9);
    }, iter: 500);

    [Fact]
    public void Draws_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => Rows("accuracy", [1, 0], [1, 0], [1, 0]).Bootstrap(stop: stop.Token));
        Assert.Throws<OperationCanceledException>(() => Rows("accuracy", [1, 0], [1, 0], [1, 0]).Permutation(stop: stop.Token));
    }

    [Fact]
    public void What_cannot_be_tested_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Rows("accuracy", [1, 0], [1], [1, 0]));
        Assert.Throws<ArgumentException>(() => Rows("accuracy", [1, 0], [1, 0], [1]));
        Assert.Throws<ArgumentException>(() => Rows("accuracy", [], [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows("accuracy", [1, 0], [1, 0], [1, 0]).Bootstrap(draws: 0, stop: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows("accuracy", [1, 0], [1, 0], [1, 0]).Permutation(draws: 0, stop: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => PairedEffect.Of([1]));
    }

    private static PairedRows Rows(string metric, double[] labels, double[] first, double[] second) =>
        new(PairedSet.Of(labels, [(first, second)], [(wanted, predicted) => MetricCatalogue.Pairs(metric, wanted, predicted)]));
}
