using Spindle.Metrics.Bleu;
using Spindle.Metrics.Chrf;
using Spindle.Metrics.Rouge;

namespace Spindle.Metrics;

/// <summary>Metrics over texts by name.</summary>
public static class TextMetricCatalogue
{
    private static readonly Dictionary<string, Func<IReadOnlyList<string>, IReadOnlyList<string>, double>> Metrics = new(StringComparer.Ordinal)
    {
        ["exact-match"] = (references, written) => references.Zip(written).Count(pair => pair.First == pair.Second) / (double)references.Count,
        ["rouge1"] = Mean((reference, text) => RougeMetric.Ngrams(reference, text, 1)),
        ["rouge2"] = Mean((reference, text) => RougeMetric.Ngrams(reference, text, 2)),
        ["rougeL"] = Mean((reference, text) => RougeMetric.LongestCommon(reference, text)),
        ["rougeLsum"] = Mean((reference, text) => RougeMetric.LongestCommonOfLines(reference, text)),
        ["bleu"] = (references, written) => BleuMetric.Corpus(references, written).Score / 100,
        ["bleu-characters"] = (references, written) => BleuMetric.Corpus(references, written, new() { Tokenizer = BleuTokenizer.Character }).Score / 100,
        ["bleu-romanian"] = (references, written) => BleuMetric.Corpus([.. references.Select(Romanian.RemoveDiacritics)], [.. written.Select(Romanian.RemoveDiacritics)]).Score / 100,
        ["chrf"] = (references, written) => ChrfMetric.Corpus(references, written).Score / 100,
        ["chrf++"] = (references, written) => ChrfMetric.Corpus(references, written, new() { Words = 2 }).Score / 100,
    };

    /// <summary>The names: <c>exact-match</c>, the share of texts that are the reference; <c>rouge1</c>, <c>rouge2</c>, <c>rougeL</c>, <c>rougeLsum</c>, the mean F over texts,
    /// stemmed; <c>bleu</c>, of characters <c>bleu-characters</c>, after Romanian's marks were removed <c>bleu-romanian</c>; <c>chrf</c> and <c>chrf++</c>.</summary>
    public static IReadOnlyCollection<string> Names => Metrics.Keys;

    /// <summary>Computes a metric, as a fraction.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="references">What was to be written.</param>
    /// <param name="written">As many texts that were written.</param>
    /// <exception cref="ArgumentException">There is no such metric, or no row, or the counts differ.</exception>
    public static double Compute(string name, IReadOnlyList<string> references, IReadOnlyList<string> written)
    {
        if (!Metrics.TryGetValue(name, out var metric))
            throw new ArgumentException($"there is no metric '{name}'; there are {string.Join(", ", Metrics.Keys)}", nameof(name));
        Rows.Check(references, written);
        return metric(references, written);
    }

    private static Func<IReadOnlyList<string>, IReadOnlyList<string>, double> Mean(Func<string, string, RougeScore> score) =>
        (references, written) => references.Zip(written).Average(pair => score(pair.First, pair.Second).F);
}
