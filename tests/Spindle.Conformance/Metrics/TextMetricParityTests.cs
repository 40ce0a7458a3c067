using System.Text.Json;
using Spindle.Metrics.Bleu;
using Spindle.Metrics.Chrf;
using Spindle.Metrics.Rouge;
using Spindle.Tests;

namespace Spindle.Conformance.Metrics;

/// <summary>Scores of texts equal those of rouge_score and sacreBLEU.</summary>
public class TextMetricParityTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Stems_equal_those_of_nltk()
    {
        using var json = Read("rouge.json");
        var words = json.RootElement.GetProperty("porter").EnumerateObject().ToArray();
        Assert.NotEmpty(words);
        foreach (var word in words) Assert.Equal((word.Name, word.Value.GetString()), (word.Name, PorterStemmer.Stem(word.Name)));
    }

    [Fact]
    public void ROUGE_equals_that_of_rouge_score_for_every_pair_stemmed_and_not()
    {
        using var json = Read("rouge.json");
        var compared = 0;
        foreach (var row in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            var (written, references) = (Texts(row, "hypotheses"), Texts(row, "references"));
            foreach (var (key, stem) in ((string, bool)[])[("stemmed", true), ("unstemmed", false)])
                foreach (var (index, scores) in row.GetProperty(key).EnumerateArray().Index())
                {
                    var (reference, text, where) = (references[index], written[index], $"{row.GetProperty("tag")}, {key} {index}");
                    Near(scores.GetProperty("rouge1"), RougeMetric.Ngrams(reference, text, 1, stem), where);
                    Near(scores.GetProperty("rouge2"), RougeMetric.Ngrams(reference, text, 2, stem), where);
                    Near(scores.GetProperty("rougeL"), RougeMetric.LongestCommon(reference, text, stem), where);
                    Near(scores.GetProperty("rougeLsum"), RougeMetric.LongestCommonOfLines(reference, text, stem), where);
                    compared++;
                }
        }
        Assert.True(compared > 0, "nothing was compared");

        static void Near(JsonElement expected, RougeScore actual, string where)
        {
            double[] wanted = [.. expected.EnumerateArray().Select(value => value.GetDouble())];
            foreach (var (want, own) in wanted.Zip([actual.Precision, actual.Recall, actual.F])) Assert.True(Math.Abs(want - own) <= Tolerance, $"{where}: {actual} for {expected}");
        }
    }

    [Fact]
    public void BLEU_and_chrF_equal_those_of_sacreBLEU_with_its_signatures()
    {
        var ways = new Dictionary<string, BleuOptions>
        {
            ["default"] = new(),
            ["lowercase"] = new() { Lowercase = true },
            ["tokenize_none"] = new() { Tokenizer = BleuTokenizer.None },
            ["tokenize_intl"] = new() { Tokenizer = BleuTokenizer.International },
            ["char"] = new() { Tokenizer = BleuTokenizer.Character },
        };
        using var json = Read("bleu.json");
        var cases = json.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.NotEmpty(cases);
        foreach (var row in cases)
        {
            var (written, references, tag) = (Texts(row, "hypotheses"), Texts(row, "references"), row.GetProperty("tag").GetString());
            foreach (var (key, options) in ways)
            {
                var (expected, actual) = (row.GetProperty(key), BleuMetric.Corpus(references, written, options));
                Near(expected.GetProperty("score").GetDouble(), actual.Score, $"{tag}, {key}");
                foreach (var (want, own) in expected.GetProperty("precisions").EnumerateArray().Select(value => value.GetDouble()).Zip(actual.Precisions)) Near(want, own, $"{tag}, {key}, precision");
                Near(expected.GetProperty("bp").GetDouble(), actual.BrevityPenalty, $"{tag}, {key}, brevity penalty");
                Assert.Equal((expected.GetProperty("sys_len").GetInt32(), expected.GetProperty("ref_len").GetInt32()), (actual.Length, actual.ReferenceLength));
                Assert.Equal(expected.GetProperty("signature").GetString(), actual.Signature);
            }
            Near(row.GetProperty("chrf").GetDouble(), ChrfMetric.Corpus(references, written).Score, $"{tag}, chrF");
            foreach (var (index, sentence) in row.GetProperty("sentence_bleu").EnumerateArray().Index())
                Near(sentence.GetDouble(), BleuMetric.Corpus([references[index]], [written[index]], new BleuOptions { EffectiveOrder = true }).Score, $"{tag}, sentence {index}");
        }

        static void Near(double expected, double actual, string where) => Assert.True(Math.Abs(expected - actual) <= Tolerance, $"{where}: {actual} for {expected}");
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("metrics", file)));

    private static string[] Texts(JsonElement row, string key) => [.. row.GetProperty(key).EnumerateArray().Select(text => text.GetString()!)];
}
