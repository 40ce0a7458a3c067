namespace Spindle.Data.Text.Tokens;

/// <summary>Tokens and their ids; where a token is listed twice, its later id counts.</summary>
internal sealed class Vocabulary
{
    /// <summary>The largest id; the largest vocabularies have some hundred thousand.</summary>
    public const int Largest = 1_000_000;

    /// <summary>The most characters that all tokens of a Unigram model may have together.</summary>
    public const int MostCharacters = 6_000_000;

    private readonly string?[] tokens;
    private readonly Dictionary<string, int> ids;

    /// <param name="tokens">The token of each id, or null where an id has none.</param>
    public Vocabulary(string?[] tokens)
    {
        this.tokens = tokens;
        ids = new(tokens.Count(token => token is not null), StringComparer.Ordinal);
        foreach (var (id, token) in tokens.Index())
            if (token is not null) ids[token] = id;
    }

    /// <summary>One more than the largest id.</summary>
    public int Size => tokens.Length;

    /// <summary>The tokens with their ids.</summary>
    public IReadOnlyDictionary<string, int> Ids => ids;

    public string? TokenOf(int id) => (uint)id < (uint)tokens.Length ? tokens[id] : null;

    public int? IdOf(string token) => ids.TryGetValue(token, out var id) ? id : null;

    public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> BySpan => ids.GetAlternateLookup<ReadOnlySpan<char>>();
}
