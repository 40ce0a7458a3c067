namespace Spindle.Metrics.Tests;

/// <summary>Pearson's and Spearman's correlation.</summary>
public class CorrelationTests
{
    private static readonly Gen<(double, double)[]> Rows = Gen.Select(Gen.Int[-80, 80], Gen.Int[-80, 80], (a, b) => (a / 8.0, b / 8.0)).Array[3, 30];

    [Fact]
    public void A_worked_example_comes_out_right()
    {
        double[] labels = [1, 2, 3, 4], predictions = [2, 1, 4, 3];
        Assert.Equal(0.6, Correlations.Pearson(labels, predictions), 12);
        Assert.Equal(0.6, Correlations.Spearman(labels, predictions), 12);
    }

    [Fact]
    public void Tied_values_share_their_mean_rank()
    {
        // ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), Correlations.Spearman([0, 1, 1, 5], [10, 20, 30, 40]), 12);
    }

    [Fact]
    public void Pearson_knows_neither_scale_nor_offset() => Rows.Sample(rows =>
    {
        var (a, b) = Split(rows);
        var value = Correlations.Pearson(a, b);
        Assert.InRange(value, -1, 1);
        Assert.Equal(value, Correlations.Pearson(b, a), 9);
        Assert.Equal(value, Correlations.Pearson(a, [.. b.Select(x => 3 * x - 7)]), 9);
        Assert.Equal(-value, Correlations.Pearson(a, [.. b.Select(x => -x)]), 9);
    });

    [Fact]
    public void Spearman_knows_nothing_but_the_order() => Rows.Sample(rows =>
    {
        var (a, b) = Split(rows);
        Assert.Equal(Correlations.Spearman(a, b), Correlations.Spearman([.. a.Select(Math.Exp)], [.. b.Select(x => x * x * x)]), 9);
    });

    [Fact]
    public void A_series_that_is_all_the_same_has_no_correlation()
    {
        Assert.Equal(double.NaN, Correlations.Pearson([1, 2, 3], [0.1, 0.1, 0.1]));
        Assert.Equal(double.NaN, Correlations.Spearman([4, 4, 4], [1, 2, 3]));
        Assert.Equal(double.NaN, Correlations.Pearson([1], [1]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_not_a_number_never_passes_for_a_correlation_of_values(double broken)
    {
        Assert.Equal(double.NaN, Correlations.Pearson([1, 2, 3, 4], [1, 2, 3, broken]));
        if (double.IsNaN(broken)) Assert.Equal(double.NaN, Correlations.Spearman([1, 2, 3, 4], [broken, 2, 3, 4]));
    }

    private static (double[], double[]) Split((double, double)[] rows) => ([.. rows.Select(row => row.Item1)], [.. rows.Select(row => row.Item2)]);
}
