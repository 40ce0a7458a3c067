namespace Spindle.Metrics.Tests;

/// <summary>Metrics by name, and a task's score.</summary>
public class MetricCatalogueTests
{
    public static TheoryData<string> Names => [.. MetricCatalogue.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_metric_is_one_where_all_is_right_and_every_error_zero(string name) => Assert.Equal(MetricCatalogue.IsError(name) ? 0 : 1, MetricCatalogue.Compute(name, [0, 1, 1], [0, 1, 1]), 12);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_metric_refuses_no_rows_and_unlike_counts(string name)
    {
        Assert.Throws<ArgumentException>(() => MetricCatalogue.Compute(name, [], []));
        Assert.Throws<ArgumentException>(() => MetricCatalogue.Compute(name, [1, 0], [1]));
    }

    [Theory]
    [InlineData("pearson")]
    [InlineData("spearman")]
    [InlineData("matthews")]
    public void A_correlation_with_one_constant_prediction_counts_as_zero(string name) =>
        Assert.Equal(0, MetricCatalogue.Compute(name, [0, 1, 2, 1], [1, 1, 1, 1]));

    [Theory]
    [MemberData(nameof(Names))]
    public void Predictions_that_are_no_numbers_count_as_zero(string name) =>
        Assert.Equal(0, MetricCatalogue.Compute(name, [0, 1, 1], [double.NaN, double.NaN, double.NaN]));

    [Fact]
    public void A_metric_that_is_not_there_is_refused_with_those_that_are()
    {
        var error = Assert.Throws<ArgumentException>(() => MetricCatalogue.Compute("bleu", [1], [1]));
        Assert.All(Names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pairs_that_count_several_times_are_as_rows_that_stand_there_several_times(string name) =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3]).Array[1, 25].Where(rows => rows.Any(row => row.Item3 > 0)).Sample(rows =>
        {
            var laid = rows.SelectMany(row => Enumerable.Repeat((Label: (double)row.Item1, Prediction: (double)row.Item2), row.Item3)).ToArray();
            var pairs = MetricCatalogue.Pairs(name, [.. rows.Select(row => (double)row.Item1)], [.. rows.Select(row => (double)row.Item2)]);
            Assert.Equal(rows.Length, pairs.Count);
            Assert.Equal(
                MetricCatalogue.Compute(name, [.. laid.Select(row => row.Label)], [.. laid.Select(row => row.Prediction)]),
                pairs.Compute([.. rows.Select(row => row.Item3)]),
                1e-12);
            // scipy's ranks, by a library
            if (name == "spearman" && Correlations.Spearman([.. laid.Select(row => row.Label)], [.. laid.Select(row => row.Prediction)]) is var value && !double.IsNaN(value))
                Assert.Equal(value, pairs.Compute([.. rows.Select(row => row.Item3)]), 1e-12);
        }, iter: 200);

    [Fact]
    public void A_score_is_the_mean_of_the_metrics_in_points() => Assert.Equal(85, PointScore.Mean([0.8, 0.9]), 12);

    [Theory]
    [InlineData("accuracy", 0)]
    [InlineData("f1-macro", 0)]
    [InlineData("rougeL", 0)]
    [InlineData("matthews", -1)]
    [InlineData("pearson", -1)]
    [InlineData("squared-error-skill", double.NegativeInfinity)]
    public void A_score_has_a_lowest_value(string name, double lowest) => Assert.Equal(lowest, MetricCatalogue.Lowest(name));

    [Fact]
    public void The_worst_predictions_reach_the_lowest_value_of_each_score()
    {
        double[] labels = [0, 1, 0, 1, 1], opposite = [1, 0, 1, 0, 0];
        foreach (var name in MetricCatalogue.Names.Where(name => double.IsFinite(MetricCatalogue.Lowest(name)))) Assert.Equal(MetricCatalogue.Lowest(name), MetricCatalogue.Compute(name, labels, opposite), 9);
    }
}
