using MathNet.Numerics.Distributions;

namespace Spindle.Metrics.Tests;

public sealed class RankCorrelationTests
{
    [Fact]
    public void It_is_Spearmans_with_an_interval_around_it_that_shrinks_with_the_number_of_pairs() => Gen.Double[-1, 1].Array[4, 60].Sample(values =>
    {
        double[] others = [.. values.Select((value, at) => value + 0.8 * Math.Sin(12.9898 * at))];
        var found = RankCorrelation.Of(values, others)!;
        Assert.Equal(Correlations.Spearman(values, others), found.Value, 1e-11);
        Assert.True(-1 <= found.Lower && found.Lower <= found.Value && found.Value <= found.Upper && found.Upper <= 1, found.ToString());
        var twice = RankCorrelation.Of([.. values, .. values], [.. others, .. others])!;
        Assert.True(twice.Upper - twice.Lower < found.Upper - found.Lower, $"{found}, {twice}");
    }, iter: 200);

    [Fact]
    public void Equal_orders_have_an_interval_too_and_too_few_pairs_or_constant_ones_have_none()
    {
        var found = RankCorrelation.Of([1, 2, 3, 4, 5], [2, 3, 5, 8, 9])!;
        Assert.Equal((1, 1), (found.Value, found.Upper));
        Assert.InRange(found.Lower, 0, 0.9);
        Assert.Equal((-1, -1), (RankCorrelation.Of([1, 2, 3, 4, 5], [9, 8, 5, 3, 2])!.Value, RankCorrelation.Of([1, 2, 3, 4, 5], [9, 8, 5, 3, 2])!.Lower));
        Assert.Null(RankCorrelation.Of([1, 2, 3], [1, 2, 3]));
        Assert.Null(RankCorrelation.Of([1, 2, 3, 4], [7, 7, 7, 7]));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Of([1, 2, 3, 4], [1, 2, 3]));
    }

    [Theory]
    [InlineData(0.0, 12)]
    [InlineData(0.6, 12)]
    [InlineData(0.8, 40)]
    public void The_interval_holds_the_true_correlation_in_about_95_of_100_cases(double correlation, int pairs)
    {
        const int Cases = 2_000;
        // of normal values: Pearson 1907
        var (random, truth) = (new Random(7), 6 / Math.PI * Math.Asin(correlation / 2));
        var inside = Enumerable.Range(0, Cases).Count(_ =>
        {
            double[] first = [.. Enumerable.Range(0, pairs).Select(_ => Normal.Sample(random, 0, 1))];
            double[] second = [.. first.Select(value => correlation * value + Math.Sqrt(1 - correlation * correlation) * Normal.Sample(random, 0, 1))];
            var found = RankCorrelation.Of(first, second)!;
            return found.Lower <= truth && truth <= found.Upper;
        });
        Assert.InRange(inside, 0.925 * Cases, 0.985 * Cases);
    }
}
