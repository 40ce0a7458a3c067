using Spindle.Models.Generation;

namespace Spindle.Models.Tests.Generation;

/// <summary>A language whose next token hangs on the source and on everything read before, at random but the same every time.</summary>
internal sealed class ToyLanguage(int vocabulary, int seed) : INextTokenModel
{
    private List<(int Source, List<int> Tokens)>? rows;

    public int VocabularySize => vocabulary;

    public int Reads { get; private set; }

    public float[] Read(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        var next = new List<(int Source, List<int> Tokens)>();
        for (var row = 0; row < parents.Length; row++)
        {
            var (source, read) = rows is null ? (parents[row], []) : rows[parents[row]];
            next.Add((source, [.. read, tokens[row]]));
        }
        rows = next;
        Reads += parents.Length;
        return [.. rows.SelectMany(row => After(row.Source, row.Tokens))];
    }

    public float[] After(int source, IReadOnlyList<int> tokens)
    {
        var hash = tokens.Aggregate(seed * 31 + source, (hash, token) => unchecked(hash * 1_000_003 + token + 1));
        var random = new Random(hash);
        var weights = Enumerable.Range(0, vocabulary).Select(_ => Math.Exp(3 * random.NextDouble())).ToArray();
        return [.. weights.Select(weight => (float)Math.Log(weight / weights.Sum()))];
    }
}
