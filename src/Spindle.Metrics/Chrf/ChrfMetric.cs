using System.Globalization;
using System.Text;
using Spindle.Metrics.Texts;

namespace Spindle.Metrics.Chrf;

/// <summary>chrF (Popović 2015) as sacreBLEU 2.6.0 computes it: precision and recall of character n-grams without whitespace, each averaged over the orders.</summary>
public static class ChrfMetric
{
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private const double Epsilon = 1e-16;

    // the text's n-grams, the reference's, the common ones
    private const int PerRun = 3;

    /// <summary>chrF of a corpus.</summary>
    /// <param name="references">One or several references for each text, of which the best counts. An empty one among several counts as missing.</param>
    /// <param name="generated">The generated texts, one for each item of the references.</param>
    /// <param name="options">The options, or null for chrF2.</param>
    /// <exception cref="ArgumentException">There are no texts, the counts differ, or a text has no reference.</exception>
    public static ChrfScore Corpus(IReadOnlyList<IReadOnlyList<string>> references, IReadOnlyList<string> generated, ChrfOptions? options = null)
    {
        options ??= new();
        var filled = References.Filled(references, generated);
        var sums = new double[PerRun * (options.Characters + options.Words)];
        for (var row = 0; row < generated.Count; row++)
            foreach (var (at, count) in Tally(filled[row], generated[row], options).Index()) sums[at] += count;
        return OfSums(sums, options, References.Number(filled));
    }

    /// <summary>chrF of a corpus with one reference per text.</summary>
    /// <param name="references">The reference of each text.</param>
    /// <param name="generated">The generated texts, one for each item of the references.</param>
    /// <param name="options">The options, or null for chrF2.</param>
    /// <exception cref="ArgumentException">There are no texts, or the counts differ.</exception>
    public static ChrfScore Corpus(IReadOnlyList<string> references, IReadOnlyList<string> generated, ChrfOptions? options = null) =>
        Corpus(References.Single(references), generated, options);

    /// <summary>The counts of one text: for each order, its n-grams, the reference's, and the common ones.</summary>
    internal static double[] Tally(IReadOnlyList<string> references, string generated, ChrfOptions options)
    {
        var own = Runs(generated, options);
        var candidates = references.Select(reference => Compare(Runs(reference, options), own));
        return references.Count == 1 ? candidates.First() : candidates.MaxBy(tally => F(tally, options))!;
    }

    /// <summary>chrF of a corpus from the summed counts of its texts.</summary>
    internal static ChrfScore OfSums(IReadOnlyList<double> sums, ChrfOptions options, string references) => new(F(sums, options), Sign(options, references));

    // skip orders that the reference is too short for
    private static double[] Compare(NgramCounts[] expected, NgramCounts[] own) =>
        [.. expected.Zip(own).SelectMany(run => (double[])[run.First.Total > 0 ? run.Second.Total : 0, run.First.Total, run.Second.Common(run.First)])];

    private static double F(IReadOnlyList<double> sums, ChrfOptions options)
    {
        var matches = Enumerable.Range(0, sums.Count / PerRun).Select(run => new Matches(sums[PerRun * run], sums[PerRun * run + 1], sums[PerRun * run + 2])).ToArray();
        if (options.EpsilonSmoothing) return 100 * matches.Average(match => F(match.Precision, match.Recall, options.Beta));
        var known = matches.Where(match => match.Own > 0 && match.Wanted > 0).ToArray();
        return known.Length == 0 ? 0 : 100 * F(known.Average(match => match.Precision), known.Average(match => match.Recall), options.Beta);
    }

    private static double F(double precision, double recall, int beta)
    {
        var factor = (double)beta * beta;
        return precision + recall > 0 ? (1 + factor) * precision * recall / (factor * precision + recall) : 0;
    }

    /// <summary>The signature in sacreBLEU's format.</summary>
    internal static string Sign(ChrfOptions options, string references) => string.Create(CultureInfo.InvariantCulture,
        $"nrefs:{references}|case:{(options.Lowercase ? "lc" : "mixed")}|eff:{(options.EpsilonSmoothing ? "no" : "yes")}|nc:{options.Characters}|nw:{options.Words}|space:{(options.Whitespace ? "yes" : "no")}|version:2.6.0");

    private static NgramCounts[] Runs(string text, ChrfOptions options)
    {
        if (options.Lowercase) text = text.ToLowerInvariant();
        var parts = Whitespace.Split(text);
        var dense = options.Whitespace ? text : string.Concat(parts);
        var starts = new List<int>(dense.Length + 1);
        for (var at = 0; at < dense.Length; at += Rune.TryGetRuneAt(dense, at, out var rune) ? rune.Utf16SequenceLength : 1) starts.Add(at);
        starts.Add(dense.Length);
        string[] words = options.Words == 0 ? [] : [.. parts.SelectMany(Apart)];
        return
        [
            .. Enumerable.Range(1, options.Characters).Select(length => NgramCounts.Of(dense, starts, length)),
            .. Enumerable.Range(1, options.Words).Select(length => NgramCounts.Of(words, length)),
        ];
    }

    // punctuation at the end of a word, or else at its start, is a separate word
    private static string[] Apart(string word) => word.Length == 1 ? [word]
        : Punctuation.Contains(word[^1]) ? [word[..^1], word[^1..]]
        : Punctuation.Contains(word[0]) ? [word[..1], word[1..]]
        : [word];

    private readonly record struct Matches(double Own, double Wanted, double Common)
    {
        public double Precision => Own > 0 ? Common / Own : Epsilon;

        public double Recall => Wanted > 0 ? Common / Wanted : Epsilon;
    }
}
