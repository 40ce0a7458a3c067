using System.Buffers;

namespace Spindle.Data.Text.Unigram;

/// <summary>Cuts a word into the pieces of the highest joint probability (Kudo 2018, Viterbi search). A character that is not a piece costs ten more than the least
/// likely piece; neighbouring ones are one unknown.</summary>
/// <param name="trie">The pieces.</param>
/// <param name="scores">The log-probability of each id.</param>
/// <param name="unknown">The id of what no piece covers.</param>
internal sealed class UnigramSegmenter(PieceTrie trie, double[] scores, int unknown)
{
    private const double UnknownPenalty = 10;

    private readonly double unknownScore = scores.Min() - UnknownPenalty;

    /// <summary>Appends the pieces of a word.</summary>
    /// <param name="word">The word, without lone surrogates.</param>
    /// <param name="ids">Where the ids go.</param>
    public void Append(ReadOnlySpan<char> word, List<int> ids)
    {
        var nodes = ArrayPool<Best>.Shared.Rent(word.Length + 1);
        var best = nodes.AsSpan(0, word.Length + 1);
        best.Fill(new(0, -1, 0));
        for (var start = 0; start < word.Length;)
        {
            var length = char.IsHighSurrogate(word[start]) ? 2 : 1;
            var score = best[start].Score;
            var alone = false;
            var node = trie.Root(word[start]);
            for (var end = start + 1; node != 0; node = end < word.Length ? trie.Child(node, word[end++]) : 0)
            {
                var id = trie.Piece(node);
                if (id < 0) continue;
                Offer(ref best[end], score + scores[id], start, id);
                alone |= end - start == length;
            }
            if (!alone) Offer(ref best[start + length], score + unknownScore, start, unknown);
            start += length;
        }
        AppendPath(best, ids);
        ArrayPool<Best>.Shared.Return(nodes);
    }

    private void AppendPath(ReadOnlySpan<Best> best, List<int> ids)
    {
        var from = ids.Count;
        var wasUnknown = false;
        for (var end = best.Length - 1; end > 0; end = best[end].Start)
        {
            var isUnknown = best[end].Id == unknown;
            if (!isUnknown || !wasUnknown) ids.Add(best[end].Id);
            wasUnknown = isUnknown;
        }
        ids.Reverse(from, ids.Count - from);
    }

    // of two paths of one score, the one that was found first stays
    private static void Offer(ref Best best, double score, int start, int id)
    {
        if (best.Start < 0 || score > best.Score) best = new(score, start, id);
    }

    private readonly record struct Best(double Score, int Start, int Id);
}
