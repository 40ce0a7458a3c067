using System.Text.Json;
using Spindle.Tests;

namespace Spindle.Conformance.Metrics;

/// <summary>Nothing in the fixtures of metrics goes uncompared: every file, every part of it and every value of a case is one that the tests of parity know.</summary>
public class MetricFixtureTests
{
    private static readonly Dictionary<string, (string[] Parts, string[] Values)> Known = new()
    {
        ["bleu.json"] = (["cases", "versions"], ["char", "chrf", "default", "hypotheses", "lowercase", "references", "sentence_bleu", "tag", "tokenize_intl", "tokenize_none"]),
        ["classification.json"] = (["cases", "versions"], ["accuracy", "f1", "f1_macro", "labels", "matthews", "predictions"]),
        ["regression.json"] = (["cases", "versions"], ["labels", "pearson", "predictions", "spearman"]),
        ["rouge.json"] = (["cases", "porter", "versions"], ["hypotheses", "references", "stemmed", "tag", "unstemmed"]),
        ["significance.json"] = (["cases", "kendall", "versions"], ["a", "b", "paired_p", "paired_p_greater", "paired_t", "welch_p", "welch_t", "wilcoxon_p", "wilcoxon_w"]),
    };

    [Fact]
    public void Every_file_and_every_value_is_compared()
    {
        var folder = Path.GetDirectoryName(SharedFiles.Fixture("metrics", "bleu.json"))!;
        Assert.Equal(Known.Keys.Order(), Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order());
        foreach (var (file, (parts, values)) in Known)
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file)));
            Assert.Equal(parts, Names(json.RootElement));
            var cases = json.RootElement.GetProperty("cases").EnumerateArray().ToArray();
            Assert.NotEmpty(cases);
            Assert.All(cases, row => Assert.Equal(values, Names(row)));
        }
    }

    [Fact]
    public void Every_text_has_a_value_to_be_compared()
    {
        foreach (var (file, perText) in new Dictionary<string, string[]> { ["bleu.json"] = ["sentence_bleu"], ["rouge.json"] = ["stemmed", "unstemmed"] })
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("metrics", file)));
            foreach (var row in json.RootElement.GetProperty("cases").EnumerateArray())
                Assert.All((string[])["references", .. perText], values => Assert.Equal(row.GetProperty("hypotheses").GetArrayLength(), row.GetProperty(values).GetArrayLength()));
        }
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);
}
