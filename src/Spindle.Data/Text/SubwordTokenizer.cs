using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text;

/// <summary>What the families of tokenizers share: added tokens are cut out of the text first, what lies between becomes pieces of the vocabulary,
/// and special tokens are put around the result. A family says how text is normalised, cut into pieces, and put together again.</summary>
public abstract class SubwordTokenizer : ITextTokenizer
{
    private readonly Vocabulary vocabulary;
    private readonly SequenceTemplate template;
    private readonly Dictionary<int, AddedToken> addedById = [];
    private readonly Dictionary<string, int> addedByContent = new(StringComparer.Ordinal);
    private readonly Lazy<(AddedTokenFinder Raw, AddedTokenFinder Normalised)> finders;

    private protected SubwordTokenizer(SubwordParts parts)
    {
        (vocabulary, template, Special) = (parts.Vocabulary, parts.Template, parts.Special);
        foreach (var token in parts.Added) (addedById[token.Id], addedByContent[token.Content]) = (token, token.Id);
        VocabularySize = Math.Max(vocabulary.Size, addedById.Count == 0 ? 0 : addedById.Keys.Max() + 1);
        // late, for a family's normalisation is not built yet
        finders = new(() => (
            new(addedById.Values.Where(token => !token.Normalised).Select(token => (token.Content, token))),
            new(addedById.Values.Where(token => token.Normalised).Select(token => (Normalise(token.Content), token)))));
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int PaddingId => Special.Padding;

    /// <inheritdoc/>
    public SpecialIds Special { get; }

    /// <inheritdoc/>
    public Encoding Encode(string first, string? second, int maxLength) => template.Fill(
        CollectionsMarshal.AsSpan(Pieces(first)), second is null ? [] : CollectionsMarshal.AsSpan(Pieces(second)), second is not null, maxLength);

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids, bool keepSpecialTokens = false)
    {
        var tokens = new List<string>(ids.Count);
        foreach (var id in ids)
            if (TokenOf(id) is { } token && (keepSpecialTokens || !addedById.TryGetValue(id, out var added) || !added.Special)) tokens.Add(token);
        return Join(tokens);
    }

    /// <inheritdoc/>
    public string? TokenOf(int id) => addedById.TryGetValue(id, out var added) ? added.Content : vocabulary.TokenOf(id);

    /// <inheritdoc/>
    public int? IdOf(string token) => addedByContent.TryGetValue(token, out var id) ? id : vocabulary.IdOf(token);

    /// <summary>Text as its pieces are looked for.</summary>
    private protected abstract string Normalise(string text);

    /// <summary>Appends the pieces of a normalised text that holds no added token.</summary>
    /// <param name="text">The text, not empty, without lone surrogates.</param>
    /// <param name="atStart">Whether the whole text begins with it.</param>
    /// <param name="ids">Where the ids go.</param>
    private protected abstract void AppendPieces(string text, bool atStart, List<int> ids);

    /// <summary>Puts tokens together into text.</summary>
    private protected abstract string Join(IReadOnlyList<string> tokens);

    private List<int> Pieces(string text)
    {
        var whole = WellFormed(text);
        var ids = new List<int>(whole.Length / 4 + 4);
        foreach (var raw in finders.Value.Raw.Cut(whole))
        {
            if (raw.Id is { } known) ids.Add(known);
            else
                foreach (var part in finders.Value.Normalised.Cut(Normalise(raw.Text)))
                {
                    if (part.Id is { } found) ids.Add(found);
                    else AppendPieces(part.Text, raw.Start == 0 && part.Start == 0, ids);
                }
        }
        return ids;
    }

    private static string WellFormed(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        for (var at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out _, out var taken) != OperationStatus.Done)
                return string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
            at += taken;
        }
        return text;
    }
}

/// <summary>What every family is built of.</summary>
internal sealed record SubwordParts(Vocabulary Vocabulary, IReadOnlyList<AddedToken> Added, SequenceTemplate Template, SpecialIds Special);
