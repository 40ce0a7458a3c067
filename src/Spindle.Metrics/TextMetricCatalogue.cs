using Spindle.Metrics.Bleu;
using Spindle.Metrics.Chrf;
using Spindle.Metrics.Paired;
using Spindle.Metrics.Rouge;

namespace Spindle.Metrics;

/// <summary>Metrics over texts by name.</summary>
public static class TextMetricCatalogue
{
    private const string SingleReference = "1";

    private static readonly Dictionary<string, TextMetric> Metrics = new(StringComparer.Ordinal)
    {
        ["exact-match"] = Mean((reference, text) => reference == text ? 1 : 0),
        ["rouge1"] = Mean((reference, text) => RougeMetric.Ngrams(reference, text, 1).F),
        ["rouge2"] = Mean((reference, text) => RougeMetric.Ngrams(reference, text, 2).F),
        ["rougeL"] = Mean((reference, text) => RougeMetric.LongestCommon(reference, text).F),
        ["rougeLsum"] = Mean((reference, text) => RougeMetric.LongestCommonOfLines(reference, text).F),
        ["bleu"] = Bleu(new(), text => text),
        ["bleu-international"] = Bleu(new() { Tokenizer = BleuTokenizer.International }, text => text),
        ["bleu-characters"] = Bleu(new() { Tokenizer = BleuTokenizer.Character }, text => text),
        ["bleu-none"] = Bleu(new() { Tokenizer = BleuTokenizer.None }, text => text),
        ["bleu-romanian"] = Bleu(new(), Romanian.RemoveDiacritics),
        ["chrf"] = Chrf(new()),
        ["chrf++"] = Chrf(new() { Words = 2 }),
    };

    /// <summary>The names: <c>exact-match</c>, the share of texts that equal the reference; <c>rouge1</c>, <c>rouge2</c>, <c>rougeL</c>, <c>rougeLsum</c>, the mean F over texts,
    /// stemmed; <c>bleu</c> with sacreBLEU's tokenizer 13a, <c>bleu-international</c>, <c>bleu-characters</c>, <c>bleu-none</c> (splits at whitespace), <c>bleu-romanian</c> (without diacritics); <c>chrf</c> and <c>chrf++</c>.</summary>
    public static IReadOnlyCollection<string> Names => Metrics.Keys;

    /// <summary>Computes a metric, as a fraction.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="references">The references.</param>
    /// <param name="generated">The generated texts, one for each reference.</param>
    /// <exception cref="ArgumentException">The metric is unknown, there are no rows, or the counts differ.</exception>
    public static double Compute(string name, IReadOnlyList<string> references, IReadOnlyList<string> generated) => Pairs(name, references, generated).ComputeAll();

    /// <summary>Creates a metric over pairs that can count several times.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="references">The references.</param>
    /// <param name="generated">The generated texts, one for each reference.</param>
    /// <exception cref="ArgumentException">The metric is unknown, there are no rows, or the counts differ.</exception>
    public static IPairMetric Pairs(string name, IReadOnlyList<string> references, IReadOnlyList<string> generated)
    {
        if (!Metrics.TryGetValue(name, out var metric))
            throw new ArgumentException($"there is no metric '{name}'; the metrics are {string.Join(", ", Metrics.Keys)}", nameof(name));
        Rows.Check(references, generated);
        return new SummedPairs([.. references.Zip(generated, metric.Tally)], metric.Score);
    }

    /// <summary>The signature of a metric in sacreBLEU's format; null for a metric without one.</summary>
    /// <param name="name">Any metric's name.</param>
    public static string? Signature(string name) => Metrics.TryGetValue(name, out var metric) ? metric.Signature : null;

    private static TextMetric Mean(Func<string, string, double> score) => new((reference, text) => [score(reference, text)], (sums, count) => sums[0] / count, null);

    private static TextMetric Bleu(BleuOptions options, Func<string, string> read) => new(
        (reference, text) => BleuMetric.Tally([read(reference)], read(text), options), (sums, _) => BleuMetric.OfSums(sums, options, SingleReference).Score / 100, BleuMetric.Sign(options, SingleReference));

    private static TextMetric Chrf(ChrfOptions options) => new(
        (reference, text) => ChrfMetric.Tally([reference], text, options), (sums, _) => ChrfMetric.OfSums(sums, options, SingleReference).Score / 100, ChrfMetric.Sign(options, SingleReference));

    private sealed record TextMetric(Func<string, string, double[]> Tally, Func<double[], int, double> Score, string? Signature);
}
