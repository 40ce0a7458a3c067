using System.Buffers;
using System.Text;
using Spindle.Data.Readers;
using Spindle.Data.Text.Files;
using Spindle.Data.Text.Tokens;
using Spindle.Data.Text.WordPiece;

namespace Spindle.Data.Text;

/// <summary>BERT's and MPNet's tokenizer: words, then the longest pieces of the vocabulary that they begin with (Wu et al. 2016), as HF tokenizers does it.</summary>
public sealed class WordPieceTokenizer : SubwordTokenizer
{
    private readonly WordPieceOptions options;
    private readonly WordPieceRules rules;
    private readonly int unknown;
    private readonly int longestPiece;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> pieces;
    private readonly WordCache words = new();

    internal WordPieceTokenizer(SubwordParts parts, WordPieceOptions options, WordPieceRules rules)
        : base(parts)
    {
        (this.options, this.rules, unknown) = (options, rules, parts.Vocabulary.IdOf(rules.Unknown) ?? parts.Special.Unknown!.Value);
        pieces = parts.Vocabulary.BySpan;
        longestPiece = parts.Vocabulary.Ids.Keys.Max(token => token.Length);
    }

    /// <summary>Reads <c>vocab.txt</c> of a folder, with the options of its <c>tokenizer_config.json</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">The options in place of the folder's, or null.</param>
    /// <exception cref="FileNotFoundException">There is no <c>vocab.txt</c>.</exception>
    /// <exception cref="InvalidDataException">The vocabulary lacks a special token, or a file beside it is damaged.</exception>
    public static WordPieceTokenizer Load(string folder, WordPieceOptions? options = null)
    {
        var path = Path.Combine(folder, "vocab.txt");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file; a BERT or MPNet checkpoint holds its vocabulary there", path);
        var tokens = new List<string>();
        foreach (var line in TextLineReader.Read(path))
        {
            if (line.Number > Vocabulary.Largest) throw new InvalidDataException($"{path}:{line.Number}: has more than {Vocabulary.Largest} tokens; download the file again");
            tokens.Add(line.Text.TrimEnd());
        }
        var vocabulary = new Vocabulary([.. tokens]);

        var settings = FolderSettings.Read(folder);
        var family = TokenFamily.OfWords(settings, vocabulary);
        var names = new SpecialNames(family, settings, path, vocabulary.IdOf);
        var parts = new SubwordParts(vocabulary, names.AddedTokens(OwnTokens(family, vocabulary)), family.Template(names), names.Ids());
        return new(parts, options ?? settings.WordPiece(new()), WordPieceRules.Bert with { Unknown = names.Content("unk_token") });
    }

    private static AddedToken[] OwnTokens(TokenFamily family, Vocabulary vocabulary) => family.TextToken is { } token && vocabulary.IdOf(token) is { } id
        ? [new(token, id, Special: true) { Normalised = true }]
        : [];

    private protected override string Normalise(string text) => BasicWords.Normalise(text, options);

    private protected override void AppendPieces(string text, bool atStart, List<int> ids)
    {
        var at = 0;
        while (BasicWords.Next(text, ref at) is { Length: > 0 } word)
        {
            if (words.TryAppend(word, ids)) continue;
            var before = ids.Count;
            AppendWord(word, ids);
            words.Keep(word, ids, before);
        }
    }

    private protected override string Join(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        foreach (var (index, token) in tokens.Index())
        {
            var written = index == 0 ? token
                : token.StartsWith(rules.Continuation, StringComparison.Ordinal) ? token[rules.Continuation.Length..]
                : ' ' + token;
            text.Append(rules.CleansUp ? CleanUp(written) : written);
        }
        return text.ToString();
    }

    // token by token, so that only what stands within one counts
    private static string CleanUp(string token)
    {
        if (token.Length < 2 || !token.Contains(' ', StringComparison.Ordinal)) return token;
        return token.Replace(" .", ".", StringComparison.Ordinal).Replace(" ?", "?", StringComparison.Ordinal)
            .Replace(" !", "!", StringComparison.Ordinal).Replace(" ,", ",", StringComparison.Ordinal)
            .Replace(" ' ", "'", StringComparison.Ordinal).Replace(" n't", "n't", StringComparison.Ordinal)
            .Replace(" 'm", "'m", StringComparison.Ordinal).Replace(" do not", " don't", StringComparison.Ordinal)
            .Replace(" 's", "'s", StringComparison.Ordinal).Replace(" 've", "'ve", StringComparison.Ordinal)
            .Replace(" 're", "'re", StringComparison.Ordinal);
    }

    private void AppendWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (!IsShort(word) || !TryCut(word, ids)) ids.Add(unknown);
    }

    private bool TryCut(ReadOnlySpan<char> word, List<int> ids)
    {
        // the word behind room for the mark of a continuation, which is written over what was cut off before
        var mark = rules.Continuation.Length;
        var rented = ArrayPool<char>.Shared.Rent(mark + word.Length);
        word.CopyTo(rented.AsSpan(mark));
        var (before, start) = (ids.Count, 0);
        while (start < word.Length)
        {
            if (start > 0) rules.Continuation.CopyTo(rented.AsSpan(start));
            var from = start > 0 ? start : mark;
            var end = Math.Min(mark + word.Length, from + longestPiece);
            var id = 0;
            while (end > mark + start && !pieces.TryGetValue(rented.AsSpan(from, end - from), out id)) end--;
            if (end == mark + start) break;
            ids.Add(id);
            start = end - mark;
        }
        ArrayPool<char>.Shared.Return(rented);
        if (start == word.Length) return true;
        ids.RemoveRange(before, ids.Count - before);
        return false;
    }

    private bool IsShort(ReadOnlySpan<char> word)
    {
        if (word.Length <= rules.LongestWord) return true;
        var letters = 0;
        foreach (var _ in word.EnumerateRunes()) letters++;
        return letters <= rules.LongestWord;
    }
}
