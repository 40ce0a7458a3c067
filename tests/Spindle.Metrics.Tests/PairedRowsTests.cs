namespace Spindle.Metrics.Tests;

/// <summary>Tests over validation rows, effects and corrections.</summary>
public class PairedRowsTests
{
    private static readonly Gen<double[]> Labels = Gen.Int[0, 2].Select(label => (double)label).Array[1, 40];

    [Fact]
    public void A_model_against_itself_differs_by_nothing_and_surely_by_chance() => Labels.Sample(labels =>
    {
        var test = new PairedRows<double>(Accuracy.Of, labels);
        double[] predictions = [.. labels.Select((label, row) => row % 3 == 0 ? label : 0)];
        Assert.Equal(new(0, 1), test.Permutation(predictions, predictions, draws: 20));
        Assert.Equal(new(0, 1, 0, 0), test.Bootstrap(predictions, predictions, draws: 20));
    }, iter: 50);

    [Fact]
    public void Exchanging_the_models_turns_the_difference_and_its_interval_around() => Gen.Select(Labels, Gen.Int[0, 1000]).Sample((labels, seed) =>
    {
        var random = new Random(seed);
        double[] Noisy() => [.. labels.Select(label => random.Next(3) == 0 ? random.Next(3) : label)];
        var (first, second) = (Noisy(), Noisy());
        var test = new PairedRows<double>(Matthews.Of, labels);
        var (there, back) = (test.Bootstrap(first, second, draws: 30, seed: seed), test.Bootstrap(second, first, draws: 30, seed: seed));
        if (double.IsNaN(there.Difference) || double.IsNaN(there.Lower) || double.IsNaN(there.Upper)) return;
        Assert.Equal(there.Difference, -back.Difference, 1e-12);
        Assert.Equal(there.Lower, -back.Upper, 1e-9);
        Assert.Equal(there.Probability, back.Probability, 1e-12);
        Assert.Equal(test.Permutation(first, second, draws: 30, seed: seed).Probability, test.Permutation(second, first, draws: 30, seed: seed).Probability, 1e-12);
    }, iter: 100);

    [Fact]
    public void The_permutation_of_few_rows_nears_the_share_of_all_exchanges()
    {
        // one model is right in 8 rows where the other is wrong: of 2^8 exchanges two are as far apart
        double[] labels = [.. Enumerable.Repeat(1.0, 8)];
        var result = new PairedRows<double>(Accuracy.Of, labels).Permutation(labels, new double[8], draws: 20_000);
        Assert.Equal(1, result.Statistic);
        Assert.InRange(result.Probability, 0.005, 0.011);
    }

    [Fact]
    public void The_bootstraps_interval_of_a_mean_is_that_of_the_normal_distribution()
    {
        var random = new Random(1);
        double[] labels = [.. Enumerable.Repeat(1.0, 400)];
        double[] predictions = [.. labels.Select(_ => random.NextDouble() < 0.7 ? 1.0 : 0)];
        var effect = new PairedRows<double>(Accuracy.Of, labels).Bootstrap(predictions, new double[400], draws: 4000);
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
        var test = new PairedRows<string>((wanted, written) => TextMetricCatalogue.Compute("bleu", wanted, written), references);
        var result = test.Bootstrap(references, worse, draws: 50);
        Assert.Equal(1 - TextMetricCatalogue.Compute("bleu", references, worse), result.Difference, 1e-9);
        Assert.True(result.Lower > 0);
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
    public void What_cannot_be_tested_is_refused()
    {
        var test = new PairedRows<double>(Accuracy.Of, [1, 0]);
        Assert.Throws<ArgumentException>(() => test.Permutation([1], [1, 0]));
        Assert.Throws<ArgumentException>(() => test.Bootstrap([1, 0], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Bootstrap([1, 0], [1, 0], draws: 0));
        Assert.Throws<ArgumentException>(() => PairedEffect.Of([1]));
    }
}
