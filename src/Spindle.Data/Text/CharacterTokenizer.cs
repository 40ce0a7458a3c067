using Spindle.Data.Text.Files;

namespace Spindle.Data.Text;

/// <summary>A token for every character, as models between spelling and sound have: <c>config.json</c> lists what they read under <c>grapheme_chars</c> and what they write
/// under <c>phoneme_chars</c>, one id per character, with the special tokens' ids filled by underscores.</summary>
public sealed class CharacterTokenizer : ITextTokenizer
{
    private const string Filler = "_";

    // more than Unicode has
    private const int MostCharacters = 200_000;

    private readonly string[] tokens;
    private readonly Dictionary<string, int> ids;
    private readonly int unknown;
    private readonly int begin;
    private readonly int end;

    private CharacterTokenizer(string[] characters, string path, JsonPart config)
    {
        tokens = characters;
        var special = Enumerable.Range(0, tokens.Length).Where(id => tokens[id] == Filler).ToList();
        (PaddingId, begin, end) = (Take("pad_token_id", "<pad>"), Take("bos_token_id", "<s>"), Take("eos_token_id", "</s>"));
        unknown = special.Count > 0 ? special[0] : PaddingId;
        if (special.Count > 0) tokens[unknown] = "<unk>";
        for (var left = 1; left < special.Count; left++) tokens[special[left]] = $"<unused_{left}>";
        ids = new(StringComparer.Ordinal);
        for (var id = 0; id < tokens.Length; id++) ids.TryAdd(tokens[id], id);
        Special = new(PaddingId, unknown, begin, end, null, config.Number("decoder_start_token_id", tokens.Length - 1) ?? end);

        int Take(string key, string name)
        {
            if (config.Number(key, tokens.Length - 1) is not { } id || !special.Remove(id))
                throw new InvalidDataException($"{path}: '{key}' is not the id of an underscore in the list of characters; download the file again");
            tokens[id] = name;
            return id;
        }
    }

    /// <inheritdoc/>
    public int VocabularySize => tokens.Length;

    /// <inheritdoc/>
    public int PaddingId { get; }

    /// <inheritdoc/>
    public SpecialIds Special { get; }

    /// <summary>The tokenizers of what a folder's model reads and of what it writes, or null where it is not of this kind.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException"><c>config.json</c> is damaged.</exception>
    public static TokenizerPair? Find(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        if (!File.Exists(path)) return null;
        var config = JsonPart.Read(path);
        return config.Text("grapheme_chars") is { } reads && config.Text("phoneme_chars") is { } writes
            ? reads.Length > MostCharacters || writes.Length > MostCharacters ? throw new InvalidDataException($"{path}: lists more than {MostCharacters} characters; download the file again")
            : new(new CharacterTokenizer(Split(reads), path, config), new CharacterTokenizer(Split(writes), path, config))
            : null;
    }

    /// <inheritdoc/>
    public Encoding Encode(string first, string? second, int maxLength)
    {
        var around = second is null ? 2 : 3;
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, around);
        var (one, other) = (Split(first), second is null ? [] : Split(second));
        var (kept, keptOfOther) = (one.Length, other.Length);
        while (kept + keptOfOther + around > maxLength)
        {
            if (kept >= keptOfOther) kept--;
            else keptOfOther--;
        }
        int[] encoded = [begin, .. one.Take(kept).Select(IdOrUnknown), end, .. other.Take(keptOfOther).Select(IdOrUnknown), .. second is null ? (int[])[] : [end]];
        return new(encoded, new int[encoded.Length]);

        int IdOrUnknown(string character) => ids.GetValueOrDefault(character, unknown);
    }

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids, bool keepSpecialTokens = false) => string.Concat(ids
        .Where(id => id >= 0 && id < tokens.Length && (keepSpecialTokens || !(tokens[id].Length > 2 && tokens[id][0] == '<')))
        .Select(id => tokens[id]));

    /// <inheritdoc/>
    public string? TokenOf(int id) => id >= 0 && id < tokens.Length ? tokens[id] : null;

    /// <inheritdoc/>
    public int? IdOf(string token) => ids.TryGetValue(token, out var id) ? id : null;

    private static string[] Split(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];
}
