using System.Globalization;
using System.Text;
using Spindle.Metrics.Texts;

namespace Spindle.Metrics.Chrf;

/// <summary>chrF (Popović 2015) as sacreBLEU 2.6.0 computes it: precision and recall of runs of characters, blanks left out, each averaged over the lengths.</summary>
public static class ChrfMetric
{
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private const double Epsilon = 1e-16;

    /// <summary>chrF of a corpus.</summary>
    /// <param name="references">What was to be written: for each text one reference or several, of which the best counts; of several, an empty one stands for none.</param>
    /// <param name="written">As many texts.</param>
    /// <param name="options">How; chrF2 where null.</param>
    /// <exception cref="ArgumentException">There is no text, the counts differ, or a text has no reference.</exception>
    public static ChrfScore Corpus(IReadOnlyList<IReadOnlyList<string>> references, IReadOnlyList<string> written, ChrfOptions? options = null)
    {
        options ??= new();
        var filled = References.Filled(references, written);
        var sums = new Matches[options.Characters + options.Words];
        for (var row = 0; row < written.Count; row++)
        {
            var own = Runs(written[row], options);
            var candidates = filled[row].Select(reference => Compare(Runs(reference, options), own));
            var best = filled[row].Count == 1 ? candidates.First() : candidates.MaxBy(matches => F(matches, options))!;
            for (var run = 0; run < sums.Length; run++) sums[run] += best[run];
        }
        return new(F(sums, options), Sign(options, References.Number(filled)));
    }

    /// <summary>chrF of a corpus with one reference a text.</summary>
    /// <param name="references">What was to be written.</param>
    /// <param name="written">As many texts.</param>
    /// <param name="options">How; chrF2 where null.</param>
    /// <exception cref="ArgumentException">There is no text, or the counts differ.</exception>
    public static ChrfScore Corpus(IReadOnlyList<string> references, IReadOnlyList<string> written, ChrfOptions? options = null) =>
        Corpus(References.Single(references), written, options);

    // runs that the reference is too short for say nothing of the text
    private static Matches[] Compare(NgramCounts[] wanted, NgramCounts[] own) =>
        [.. wanted.Zip(own, (want, write) => new Matches(want.Total > 0 ? write.Total : 0, want.Total, write.Common(want)))];

    private static double F(Matches[] matches, ChrfOptions options)
    {
        if (options.EpsilonSmoothing) return 100 * matches.Average(match => F(match.Precision, match.Recall, options.Beta));
        var known = matches.Where(match => match.Own > 0 && match.Wanted > 0).ToArray();
        return known.Length == 0 ? 0 : 100 * F(known.Average(match => match.Precision), known.Average(match => match.Recall), options.Beta);
    }

    private static double F(double precision, double recall, int beta)
    {
        var factor = (double)beta * beta;
        return precision + recall > 0 ? (1 + factor) * precision * recall / (factor * precision + recall) : 0;
    }

    private static string Sign(ChrfOptions options, string references) => string.Create(CultureInfo.InvariantCulture,
        $"nrefs:{references}|case:{(options.Lowercase ? "lc" : "mixed")}|eff:{(options.EpsilonSmoothing ? "no" : "yes")}|nc:{options.Characters}|nw:{options.Words}|space:{(options.Whitespace ? "yes" : "no")}|version:2.6.0");

    private static NgramCounts[] Runs(string text, ChrfOptions options)
    {
        if (options.Lowercase) text = text.ToLowerInvariant();
        var parts = Blanks.Split(text);
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

    // a sign at a word's end, or else at its beginning, is a word of its own
    private static string[] Apart(string word) => word.Length == 1 ? [word]
        : Punctuation.Contains(word[^1]) ? [word[..^1], word[^1..]]
        : Punctuation.Contains(word[0]) ? [word[..1], word[1..]]
        : [word];

    private readonly record struct Matches(long Own, long Wanted, long Common)
    {
        public double Precision => Own > 0 ? (double)Common / Own : Epsilon;

        public double Recall => Wanted > 0 ? (double)Common / Wanted : Epsilon;

        public static Matches operator +(Matches first, Matches second) => new(first.Own + second.Own, first.Wanted + second.Wanted, first.Common + second.Common);
    }
}
