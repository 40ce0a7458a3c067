using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Spindle.Data.Text.Tokens;

/// <summary>The ids of words seen before. It holds some thousands of short words at most and is emptied when it is full;
/// several threads may use it at once.</summary>
internal sealed class WordCache
{
    /// <summary>The most words held.</summary>
    public const int Capacity = 32_768;

    /// <summary>The longest word held, in UTF-16 units.</summary>
    public const int LongestWord = 48;

    private Generation words = new();

    /// <summary>The number of words held.</summary>
    public int Count => words.Count;

    /// <summary>Appends the ids of a word where it is known.</summary>
    public bool TryAppend(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > LongestWord || !words.Lookup.TryGetValue(word, out var known)) return false;
        ids.AddRange(known);
        return true;
    }

    /// <summary>Keeps what was appended for a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="ids">Ids that end with the word's.</param>
    /// <param name="from">Where the word's begin.</param>
    public void Keep(ReadOnlySpan<char> word, List<int> ids, int from)
    {
        if (word.Length > LongestWord) return;
        var current = words;
        if (current.Count >= Capacity) words = current = new();
        if (current.Lookup.TryAdd(word, CollectionsMarshal.AsSpan(ids)[from..].ToArray())) Interlocked.Increment(ref current.Count);
    }

    private sealed class Generation
    {
        public int Count;

        public Generation() => Lookup = new ConcurrentDictionary<string, int[]>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        public ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; }
    }
}
