using System.Buffers;
using Spindle.Data.Readers;
using Spindle.Data.Text.ByteLevel;
using Spindle.Data.Text.Files;
using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text;

/// <summary>RoBERTa's and BART's tokenizer: byte-level byte-pair encoding (Radford et al. 2019), as HF tokenizers does it.
/// Any text comes back whole from its ids.</summary>
public sealed class ByteLevelTokenizer : SubwordTokenizer
{
    private readonly ByteLevelOptions options;
    private readonly MergeTable merges;
    private readonly WordCache words = new();

    internal ByteLevelTokenizer(SubwordParts parts, ByteLevelOptions options, MergeTable merges)
        : base(parts) => (this.options, this.merges) = (options, merges);

    /// <summary>Reads <c>vocab.json</c> and <c>merges.txt</c> of a folder, with the options of its <c>tokenizer_config.json</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">The options in place of the folder's, or null.</param>
    /// <exception cref="FileNotFoundException">One of the two is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or is not RoBERTa's or BART's.</exception>
    public static ByteLevelTokenizer Load(string folder, ByteLevelOptions? options = null)
    {
        var (path, mergesPath) = (Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"));
        foreach (var each in (string[])[path, mergesPath])
            if (!File.Exists(each))
                throw new FileNotFoundException($"{each}: there is no such file; a RoBERTa or BART checkpoint holds vocab.json and merges.txt", each);
        var vocabulary = VocabularyFile.Read(JsonPart.Read(path));
        var merges = new MergeTable(vocabulary, unknown: null);
        foreach (var line in TextLineReader.Read(mergesPath))
        {
            var pair = line.Text;
            if (pair.Length == 0 || pair.StartsWith("#version", StringComparison.Ordinal)) continue;
            var where = FormattableString.Invariant($"{mergesPath}:{line.Number}");
            if (pair.Split(' ', 3) is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw new InvalidDataException($"{where}: is not a pair of pieces; download the file again");
            if (merges.Add(vocabulary, left, right) is not null)
                throw new InvalidDataException($"{where}: makes a piece that vocab.json lacks; are the two files of one checkpoint?");
        }

        var settings = FolderSettings.Read(folder);
        var family = TokenFamily.OfBytes(settings);
        var names = new SpecialNames(family, settings, path, vocabulary.IdOf);
        var parts = new SubwordParts(
            vocabulary, names.AddedTokens(), family.Template(names), names.Ids());
        return new(parts, options ?? new() { AddPrefixSpace = settings.AddPrefixSpace ?? false }, merges);
    }

    private protected override string Normalise(string text) => text;

    private protected override void AppendPieces(string text, bool atStart, List<int> ids)
    {
        var whole = options.AddPrefixSpace && text[0] != ' ' ? " " + text : text;
        for (var start = 0; start < whole.Length;)
        {
            var end = Gpt2Words.End(whole, start);
            var word = whole.AsSpan(start, end - start);
            start = end;
            if (words.TryAppend(word, ids)) continue;
            var before = ids.Count;
            AppendWord(word, ids);
            words.Keep(word, ids, before);
        }
    }

    private protected override string Join(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>(tokens.Count * 4);
        foreach (var token in tokens) ByteAlphabet.Append(token, bytes);
        return System.Text.Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    private void AppendWord(ReadOnlySpan<char> word, List<int> ids)
    {
        var rented = ArrayPool<byte>.Shared.Rent(System.Text.Encoding.UTF8.GetMaxByteCount(word.Length));
        merges.Append(rented.AsSpan(0, System.Text.Encoding.UTF8.GetBytes(word, rented)), ids);
        ArrayPool<byte>.Shared.Return(rented);
    }
}
