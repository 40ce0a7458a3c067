using System.Text.Json;
using Spindle.Metrics;
using Spindle.Metrics.Comparisons;
using Spindle.Tests;

namespace Spindle.Conformance.Metrics;

/// <summary>Metrics equal those of scikit-learn and scipy.</summary>
public class MetricParityTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Classification_metrics_equal_those_of_scikit_learn() =>
        Compare("classification.json", "labels", "predictions", new()
        {
            ["accuracy"] = Accuracy.Compute,
            ["matthews"] = Matthews.Compute,
            ["f1"] = F1.Binary,
            ["f1_macro"] = F1.Macro,
        });

    [Fact]
    public void Correlations_equal_those_of_scipy() =>
        Compare("regression.json", "labels", "predictions", new() { ["pearson"] = Correlations.Pearson, ["spearman"] = Correlations.Spearman });

    [Fact]
    public void Tests_of_significance_equal_those_of_scipy() =>
        Compare("significance.json", "b", "a", new()
        {
            ["paired_t"] = (b, a) => Significance.PairedT(b, a).Statistic,
            ["paired_p"] = (b, a) => Significance.PairedT(b, a).Probability,
            ["paired_p_greater"] = Significance.PairedTGreater,
            ["welch_t"] = (b, a) => Significance.WelchT(b, a).Statistic,
            ["welch_p"] = (b, a) => Significance.WelchT(b, a).Probability,
            ["wilcoxon_w"] = (b, a) => Significance.Wilcoxon(b, a).Statistic,
            ["wilcoxon_p"] = (b, a) => Significance.Wilcoxon(b, a).Probability,
        });

    [Fact]
    public void Comparisons_of_two_sides_on_one_task_equal_the_tests_of_scipy() =>
        Compare("significance.json", "b", "a", new()
        {
            ["paired_p"] = (b, a) => SideDifference.Paired([new(b, a)]).Probability!.Value,
            ["welch_p"] = (b, a) => SideDifference.Unpaired([new(b, a)]).Probability!.Value,
            ["paired_p_greater"] = (b, a) => OptionPosterior.Paired([b, a])!.Probabilities[1],
        });

    [Fact]
    public void Rank_correlations_equal_those_of_scipy()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("metrics", "significance.json")));
        var rows = json.RootElement.GetProperty("kendall").EnumerateArray().ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            double[] Values(string key) => [.. row.GetProperty(key).EnumerateArray().Select(value => value.GetDouble())];
            Assert.Equal(row.GetProperty("kendall_tau_b").GetDouble(), Correlations.KendallTauB(Values("a"), Values("b")), Tolerance);
        }
    }

    private static void Compare(
        string file, string first, string second, Dictionary<string, Func<IReadOnlyList<double>, IReadOnlyList<double>, double>> metrics)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("metrics", file)));
        var compared = metrics.Keys.ToDictionary(name => name, _ => 0);
        foreach (var (index, row) in json.RootElement.GetProperty("cases").EnumerateArray().Index())
        {
            double[] Values(string key) => [.. row.GetProperty(key).EnumerateArray().Select(value => value.GetDouble())];
            foreach (var (name, metric) in metrics)
            {
                if (!row.TryGetProperty(name, out var expected) || expected.ValueKind != JsonValueKind.Number) continue;
                var actual = metric(Values(first), Values(second));
                Assert.True(Math.Abs(expected.GetDouble() - actual) <= Tolerance, $"case {index}, {name}: {actual} for {expected}");
                compared[name]++;
            }
        }
        Assert.All(compared, metric => Assert.True(metric.Value > 0, $"no value of {metric.Key} was compared"));
    }
}
