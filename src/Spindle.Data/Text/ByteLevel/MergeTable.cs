using System.Buffers;
using System.Runtime.InteropServices;
using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text.ByteLevel;

/// <summary>Byte-pair encoding (Sennrich et al. 2016): bytes become pieces by merging neighbours,
/// the pair of the lowest rank first, at one rank from the left.</summary>
internal sealed class MergeTable
{
    private readonly int[] byteIds = new int[256];
    private readonly Dictionary<long, (int Rank, int Id)> merges = [];
    private readonly int? unknown;

    /// <param name="vocabulary">The pieces.</param>
    /// <param name="unknown">The id of a byte that is not a piece; null leaves such bytes out.</param>
    public MergeTable(Vocabulary vocabulary, int? unknown)
    {
        this.unknown = unknown;
        for (var value = 0; value < byteIds.Length; value++) byteIds[value] = vocabulary.IdOf(ByteAlphabet.CharacterOf((byte)value).ToString()) ?? -1;
    }

    /// <summary>Adds the merge of the next rank.</summary>
    /// <returns>The piece that the vocabulary lacks, or null where the merge was added.</returns>
    public string? Add(Vocabulary vocabulary, string left, string right)
    {
        if (vocabulary.IdOf(left) is not { } leftId) return left;
        if (vocabulary.IdOf(right) is not { } rightId) return right;
        if (vocabulary.IdOf(left + right) is not { } id) return left + right;
        merges[Key(leftId, rightId)] = (merges.Count, id);
        return null;
    }

    /// <summary>Appends the pieces of a word.</summary>
    public void Append(ReadOnlySpan<byte> word, List<int> ids)
    {
        var before = ids.Count;
        foreach (var value in word)
        {
            if (byteIds[value] is >= 0 and var id) ids.Add(id);
            else if (unknown is { } id2) ids.Add(id2);
        }
        var kept = Merge(CollectionsMarshal.AsSpan(ids)[before..]);
        CollectionsMarshal.SetCount(ids, before + kept);
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    private int Merge(Span<int> pieces) => pieces.Length <= 32 ? MergeByScan(pieces) : MergeByQueue(pieces);

    // for short words, looking through all pairs each time is the quickest
    private int MergeByScan(Span<int> pieces)
    {
        var count = pieces.Length;
        Span<(int Rank, int Id)> pairs = stackalloc (int, int)[pieces.Length];
        for (var at = 0; at + 1 < count; at++) pairs[at] = Pair(pieces[at], pieces[at + 1]);
        while (count > 1)
        {
            var best = 0;
            for (var at = 1; at + 1 < count; at++)
                if (pairs[at].Rank < pairs[best].Rank) best = at;
            if (pairs[best].Rank == int.MaxValue) break;
            pieces[best] = pairs[best].Id;
            pieces[(best + 2)..count].CopyTo(pieces[(best + 1)..]);
            pairs[(best + 2)..count].CopyTo(pairs[(best + 1)..]);
            count--;
            if (best + 1 < count) pairs[best] = Pair(pieces[best], pieces[best + 1]);
            if (best > 0) pairs[best - 1] = Pair(pieces[best - 1], pieces[best]);
        }
        return count;
    }

    // for long words, which a text without blanks is: n log n
    private int MergeByQueue(Span<int> pieces)
    {
        var count = pieces.Length;
        var (nexts, befores) = (ArrayPool<int>.Shared.Rent(count), ArrayPool<int>.Shared.Rent(count));
        var queue = new PriorityQueue<(int At, int Left, int Right, int Id), long>();
        for (var at = 0; at < count; at++) (nexts[at], befores[at]) = (at + 1, at - 1);
        for (var at = 0; at + 1 < count; at++) Offer(pieces, at, at + 1);
        while (queue.TryDequeue(out var best, out _))
        {
            var next = pieces[best.At] == best.Left ? nexts[best.At] : count;
            if (next >= count || pieces[next] != best.Right) continue;
            pieces[best.At] = best.Id;
            pieces[next] = -1;
            nexts[best.At] = nexts[next];
            if (nexts[next] < count)
            {
                befores[nexts[next]] = best.At;
                Offer(pieces, best.At, nexts[next]);
            }
            if (befores[best.At] >= 0) Offer(pieces, befores[best.At], best.At);
        }
        var kept = 0;
        for (var at = 0; at < count; at = nexts[at]) pieces[kept++] = pieces[at];
        ArrayPool<int>.Shared.Return(nexts);
        ArrayPool<int>.Shared.Return(befores);
        return kept;

        void Offer(ReadOnlySpan<int> all, int left, int right)
        {
            var (rank, id) = Pair(all[left], all[right]);
            if (rank < int.MaxValue) queue.Enqueue((left, all[left], all[right], id), ((long)rank << 32) | (uint)left);
        }
    }

    private (int Rank, int Id) Pair(int left, int right) => merges.TryGetValue(Key(left, right), out var merge) ? merge : (int.MaxValue, 0);
}
