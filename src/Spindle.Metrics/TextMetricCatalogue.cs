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

    /// <summary>The names: <c>exact-match</c>, the share of texts that are the reference; <c>rouge1</c>, <c>rouge2</c>, <c>rougeL</c>, <c>rougeLsum</c>, the mean F over texts,
    /// stemmed; <c>bleu</c> in sacreBLEU's tokens 13a, in its international ones <c>bleu-international</c>, of characters <c>bleu-characters</c>, between blanks <c>bleu-none</c>, after Romanian's marks were removed <c>bleu-romanian</c>; <c>chrf</c> and <c>chrf++</c>.</summary>
    public static IReadOnlyCollection<string> Names => Metrics.Keys;

    /// <summary>Computes a metric, as a fraction.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="references">What was to be written.</param>
    /// <param name="written">As many texts that were written.</param>
    /// <exception cref="ArgumentException">There is no such metric, or no row, or the counts differ.</exception>
    public static double Compute(string name, IReadOnlyList<string> references, IReadOnlyList<string> written) => Pairs(name, references, written).OfAll();

    /// <summary>A metric of pairs of which each may count several times.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="references">What was to be written.</param>
    /// <param name="written">As many texts that were written.</param>
    /// <exception cref="ArgumentException">There is no such metric, or no row, or the counts differ.</exception>
    public static IPairMetric Pairs(string name, IReadOnlyList<string> references, IReadOnlyList<string> written)
    {
        if (!Metrics.TryGetValue(name, out var metric))
            throw new ArgumentException($"there is no metric '{name}'; there are {string.Join(", ", Metrics.Keys)}", nameof(name));
        Rows.Check(references, written);
        return new SummedPairs([.. references.Zip(written, metric.Tally)], metric.Score);
    }

    /// <summary>How a metric is computed, as sacreBLEU signs its own; null where the name says it all.</summary>
    /// <param name="name">Any metric's name.</param>
    public static string? Signature(string name) => Metrics.TryGetValue(name, out var metric) ? metric.Signature : null;

    private static TextMetric Mean(Func<string, string, double> score) => new((reference, text) => [score(reference, text)], (sums, count) => sums[0] / count, null);

    private static TextMetric Bleu(BleuOptions options, Func<string, string> read) => new(
        (reference, text) => BleuMetric.Tally([read(reference)], read(text), options), (sums, _) => BleuMetric.OfSums(sums, options, SingleReference).Score / 100, BleuMetric.Sign(options, SingleReference));

    private static TextMetric Chrf(ChrfOptions options) => new(
        (reference, text) => ChrfMetric.Tally([reference], text, options), (sums, _) => ChrfMetric.OfSums(sums, options, SingleReference).Score / 100, ChrfMetric.Sign(options, SingleReference));

    private sealed record TextMetric(Func<string, string, double[]> Tally, Func<double[], int, double> Score, string? Signature);
}
