using System.Globalization;
using System.Text;
using Spindle.Metrics.Texts;

namespace Spindle.Metrics.Chrf;

/// <summary>chrF (Popović 2015) as sacreBLEU 2.6.0 computes it: precision and recall of runs of characters, blanks left out, each averaged over the lengths.</summary>
public static class ChrfMetric
{
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// <summary>chrF of a corpus, from 0 to 100.</summary>
    /// <param name="references">What was to be written.</param>
    /// <param name="written">As many texts.</param>
    /// <param name="options">How; chrF2 where null.</param>
    /// <exception cref="ArgumentException">There is no text, or the counts differ.</exception>
    public static double Corpus(IReadOnlyList<string> references, IReadOnlyList<string> written, ChrfOptions? options = null)
    {
        options ??= new();
        Rows.Check(references, written);
        var sums = new (long Own, long Wanted, long Common)[options.Characters + options.Words];
        for (var row = 0; row < written.Count; row++)
        {
            var (wanted, own) = (Runs(references[row], options), Runs(written[row], options));
            for (var run = 0; run < sums.Length; run++)
            {
                // runs that the reference is too short for say nothing of the text
                if (wanted[run].Total > 0) sums[run].Own += own[run].Total;
                sums[run].Wanted += wanted[run].Total;
                sums[run].Common += own[run].Common(wanted[run]);
            }
        }
        var known = sums.Where(sum => sum.Own > 0 && sum.Wanted > 0).ToArray();
        if (known.Length == 0) return 0;
        var (precision, recall) = (known.Average(sum => (double)sum.Common / sum.Own), known.Average(sum => (double)sum.Common / sum.Wanted));
        var factor = (double)options.Beta * options.Beta;
        return precision + recall > 0 ? 100 * (1 + factor) * precision * recall / (factor * precision + recall) : 0;
    }

    /// <summary>How it is computed, as sacreBLEU signs it.</summary>
    public static string Signature(ChrfOptions options) => string.Create(CultureInfo.InvariantCulture,
        $"nrefs:1|case:{(options.Lowercase ? "lc" : "mixed")}|eff:yes|nc:{options.Characters}|nw:{options.Words}|space:no|version:2.6.0");

    private static NgramCounts[] Runs(string text, ChrfOptions options)
    {
        if (options.Lowercase) text = text.ToLowerInvariant();
        var parts = Blanks.Split(text);
        var dense = string.Concat(parts);
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
}
