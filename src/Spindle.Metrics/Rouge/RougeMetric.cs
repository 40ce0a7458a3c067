using Spindle.Metrics.Texts;

namespace Spindle.Metrics.Rouge;

/// <summary>ROUGE (Lin 2004) as <c>rouge_score</c> 0.1.2 computes it.</summary>
public static class RougeMetric
{
    /// <summary>ROUGE-N: common n-grams of tokens.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="generated">The generated text.</param>
    /// <param name="length">The order of the n-grams, at least 1.</param>
    /// <param name="stem">Whether words are stemmed.</param>
    public static RougeScore Ngrams(string reference, string generated, int length, bool stem = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var (expected, own) = (NgramCounts.Of(RougeTokens.Split(reference, stem), length), NgramCounts.Of(RougeTokens.Split(generated, stem), length));
        var common = (double)expected.Common(own);
        return new(common / Math.Max(own.Total, 1), common / Math.Max(expected.Total, 1));
    }

    /// <summary>ROUGE-L: the longest common subsequence of tokens.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="generated">The generated text.</param>
    /// <param name="stem">Whether words are stemmed.</param>
    public static RougeScore LongestCommon(string reference, string generated, bool stem = true)
    {
        var (expected, own) = (RougeTokens.Split(reference, stem), RougeTokens.Split(generated, stem));
        if (expected.Count == 0 || own.Count == 0) return default;
        double common = CommonSubsequence.Length(expected, own);
        return new(common / own.Count, common / expected.Count);
    }

    /// <summary>ROUGE-Lsum: for every line of the reference, the tokens in a longest common subsequence with any line of the text.</summary>
    /// <param name="reference">The reference, one sentence per line.</param>
    /// <param name="generated">The generated text, one sentence per line.</param>
    /// <param name="stem">Whether words are stemmed.</param>
    public static RougeScore LongestCommonOfLines(string reference, string generated, bool stem = true)
    {
        var (expected, own) = (Lines(reference), Lines(generated));
        var (expectedLeft, ownLeft) = (Counts(expected), Counts(own));
        var (all, others) = (expectedLeft.Values.Sum(), ownLeft.Values.Sum());
        if (all == 0 || others == 0) return default;
        var hits = 0.0;
        foreach (var line in expected)
        {
            var covered = new SortedSet<int>();
            foreach (var other in own) covered.UnionWith(CommonSubsequence.Places(line, other));
            // a token counts at most as often as it occurs in either text
            foreach (var token in covered.Select(at => line[at]))
            {
                if (expectedLeft[token] == 0 || ownLeft.GetValueOrDefault(token) == 0) continue;
                expectedLeft[token]--;
                ownLeft[token]--;
                hits++;
            }
        }
        return new(hits / others, hits / all);

        List<List<string>> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => RougeTokens.Split(line, stem))];

        static Dictionary<string, int> Counts(List<List<string>> lines) =>
            lines.SelectMany(line => line).GroupBy(token => token, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
    }
}
