using System.Text;

namespace Spindle.Data.Text;

/// <summary>BERT's tokenizer: words, then the longest pieces of the vocabulary that they begin with (Wu et al. 2016), as HF tokenizers does it.</summary>
public sealed class WordPieceTokenizer : ITextTokenizer
{
    private const int LongestWord = 100;
    private const int LargestVocabulary = 10_000_000;
    private const string Continuation = "##";

    private static readonly string[] SpecialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly string[] tokens;
    private readonly WordPieceOptions options;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> starts;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> continuations;
    private readonly Dictionary<string, int> special;

    private WordPieceTokenizer(string path, string[] tokens, WordPieceOptions options)
    {
        (this.tokens, this.options) = (tokens, options);
        var (first, later) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var (id, token) in tokens.Index())
        {
            if (token.StartsWith(Continuation, StringComparison.Ordinal) && token.Length > Continuation.Length) later[token[Continuation.Length..]] = id;
            else first[token] = id;
        }
        starts = first.GetAlternateLookup<ReadOnlySpan<char>>();
        continuations = later.GetAlternateLookup<ReadOnlySpan<char>>();
        special = SpecialTokens.ToDictionary(token => token, token => first.TryGetValue(token, out var id)
            ? id
            : throw new InvalidDataException($"{path}: holds no {token}; is this a BERT vocabulary?"));
    }

    /// <inheritdoc/>
    public int VocabularySize => tokens.Length;

    /// <inheritdoc/>
    public int PaddingId => special["[PAD]"];

    /// <summary>Reads <c>vocab.txt</c> of a folder, with the options of its <c>tokenizer_config.json</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">The options in place of the folder's, or null.</param>
    /// <exception cref="FileNotFoundException">There is no <c>vocab.txt</c>.</exception>
    /// <exception cref="InvalidDataException">The vocabulary lacks a special token.</exception>
    public static WordPieceTokenizer Load(string folder, WordPieceOptions? options = null)
    {
        var path = Path.Combine(folder, "vocab.txt");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file; a BERT checkpoint holds its vocabulary there", path);
        string[] tokens = [.. File.ReadLines(path).Take(LargestVocabulary)];
        return new(path, tokens, options ?? WordPieceOptions.Read(Path.Combine(folder, "tokenizer_config.json")));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The special tokens alone are longer than <paramref name="maxLength"/>.</exception>
    public Encoding Encode(string first, string? second, int maxLength)
    {
        var room = maxLength - (second is null ? 2 : 3);
        ArgumentOutOfRangeException.ThrowIfNegative(room, nameof(maxLength));
        var a = Pieces(first);
        var b = second is null ? [] : Pieces(second);
        var (keepA, keepB) = second is null ? (Math.Min(a.Count, room), 0) : LongestFirst(a.Count, b.Count, room);

        var ids = new List<int>(keepA + keepB + 3) { special["[CLS]"] };
        ids.AddRange(a[..keepA]);
        ids.Add(special["[SEP]"]);
        var types = new int[ids.Count + (second is null ? 0 : keepB + 1)];
        if (second is not null)
        {
            types.AsSpan(ids.Count).Fill(1);
            ids.AddRange(b[..keepB]);
            ids.Add(special["[SEP]"]);
        }
        return new([.. ids], types);
    }

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids)
    {
        var text = new StringBuilder();
        foreach (var token in ids.Where(id => id >= 0 && id < tokens.Length).Select(id => tokens[id]).Where(token => !special.ContainsKey(token)))
        {
            if (token.StartsWith(Continuation, StringComparison.Ordinal) && text.Length > 0) text.Append(token, Continuation.Length, token.Length - Continuation.Length);
            else if (text.Length == 0 || token is "." or "?" or "!" or ",") text.Append(token);
            else text.Append(' ').Append(token);
        }
        return text.ToString();
    }

    // cuts the longer of the two down to the other's length, then both alike
    private static (int A, int B) LongestFirst(int a, int b, int room)
    {
        if (a + b <= room) return (a, b);
        var (shorter, longer) = (Math.Min(a, b), Math.Max(a, b));
        longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
        if (shorter + longer > room) (shorter, longer) = (room / 2, room - room / 2);
        return a > b ? (longer, shorter) : (shorter, longer);
    }

    private List<int> Pieces(string text)
    {
        var ids = new List<int>(text.Length / 4 + 4);
        foreach (var (part, id) in CutAtSpecialTokens(text))
        {
            if (id is { } known) ids.Add(known);
            else
                foreach (var word in BasicWords.Split(part, options)) AddWord(word, ids);
        }
        return ids;
    }

    private IEnumerable<(string Text, int? Id)> CutAtSpecialTokens(string text)
    {
        var start = 0;
        for (var at = text.IndexOf('['); at >= 0; at = at + 1 < text.Length ? text.IndexOf('[', at + 1) : -1)
        {
            if (Array.Find(SpecialTokens, token => string.CompareOrdinal(text, at, token, 0, token.Length) == 0) is not { } found) continue;
            if (at > start) yield return (text[start..at], null);
            yield return (found, special[found]);
            start = at + found.Length;
            at = start - 1;
        }
        if (start < text.Length) yield return (text[start..], null);
    }

    private void AddWord(string word, List<int> ids)
    {
        var before = ids.Count;
        if (word.Length <= LongestWord || word.EnumerateRunes().Count() <= LongestWord)
        {
            var start = 0;
            while (start < word.Length)
            {
                var pieces = start == 0 ? starts : continuations;
                var end = word.Length;
                var id = 0;
                while (end > start && !pieces.TryGetValue(word.AsSpan(start, end - start), out id)) end--;
                if (end == start) break;
                ids.Add(id);
                start = end;
            }
            if (start == word.Length) return;
            ids.RemoveRange(before, ids.Count - before);
        }
        ids.Add(special["[UNK]"]);
    }
}
