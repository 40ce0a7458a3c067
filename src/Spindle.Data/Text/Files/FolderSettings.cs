using System.Globalization;
using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text.Files;

/// <summary>What the small files beside a vocabulary say of its tokenizer, named as Hugging Face's libraries name it.</summary>
internal sealed record FolderSettings
{
    public const string TokenizerConfig = "tokenizer_config.json";

    private const string Config = "config.json";

    /// <summary>The most tokens that a T5 folder can ask for beside its model.</summary>
    private const int MostExtraIds = 10_000;

    /// <summary>Whether the folder is a checkpoint's, not a bare vocabulary.</summary>
    public bool IsCheckpoint { get; init; }

    /// <summary><c>model_type</c> of the checkpoint (<c>bert</c>, <c>roberta</c>, <c>bart</c>, <c>t5</c>), or null.</summary>
    public string? ModelType { get; init; }

    /// <summary>The tokenizer's class, or null.</summary>
    public string? TokenizerClass { get; init; }

    public bool? AddPrefixSpace { get; init; }

    public bool? Legacy { get; init; }

    public int? ExtraIds { get; init; }

    public int? DecoderStart { get; init; }

    /// <summary>BERT's options that the folder sets.</summary>
    public Func<WordPieceOptions, WordPieceOptions> WordPiece { get; init; } = options => options;

    /// <summary>The tokens by their role (<c>bos_token</c>, <c>mask_token</c>, …), and whether their flags are given; their ids are not.</summary>
    public IReadOnlyDictionary<string, (AddedToken Token, bool HasFlags)> Named { get; init; } = new Dictionary<string, (AddedToken, bool)>();

    /// <summary>Tokens with their own ids.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Further special tokens.</summary>
    public IReadOnlyList<string> MoreSpecial { get; init; } = [];

    /// <summary>Whether the files say that the tokens are a family's.</summary>
    public bool IsOf(TokenFamily family) => family.ModelTypes.Any(type => string.Equals(ModelType, type, StringComparison.OrdinalIgnoreCase)
        || (TokenizerClass?.StartsWith(type, StringComparison.OrdinalIgnoreCase) ?? false));

    /// <summary>Reads the files of a folder. A missing file sets nothing.</summary>
    /// <exception cref="InvalidDataException">One of them is damaged.</exception>
    public static FolderSettings Read(string folder)
    {
        var tokenizer = Optional(folder, TokenizerConfig);
        var map = Optional(folder, "special_tokens_map.json");
        var config = Optional(folder, Config);
        var generation = Optional(folder, "generation_config.json");
        var added = AddedTokens(Optional(folder, "added_tokens.json"), tokenizer?["added_tokens_decoder"]);
        return new()
        {
            IsCheckpoint = tokenizer is not null || config is not null,
            ModelType = config?.Text("model_type"),
            TokenizerClass = tokenizer?.Text("tokenizer_class"),
            AddPrefixSpace = tokenizer?.Flag("add_prefix_space"),
            Legacy = tokenizer?.Flag("legacy"),
            ExtraIds = tokenizer?.Number("extra_ids", MostExtraIds),
            DecoderStart = generation?.Number("decoder_start_token_id", Vocabulary.Largest) ?? config?.Number("decoder_start_token_id", Vocabulary.Largest),
            WordPiece = options => tokenizer is { } part ? options.With(part) : options,
            Named = Names(map, tokenizer),
            Added = added,
            MoreSpecial = [.. Further(map), .. Further(tokenizer)],
        };
    }

    private static JsonPart? Optional(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? JsonPart.Read(path) : null;
    }

    // the later file wins
    private static Dictionary<string, (AddedToken, bool)> Names(params ReadOnlySpan<JsonPart?> files)
    {
        var names = new Dictionary<string, (AddedToken, bool)>();
        foreach (var file in files)
        {
            if (file is not { } part) continue;
            foreach (var role in TokenFamily.Roles)
            {
                if (part[role].IsObject) names[role] = (AddedTokenOf(part[role], 0) with { Special = true }, true);
                else if (part.Text(role) is { } content && !(names.TryGetValue(role, out var known) && known.Item1.Content == content))
                    names[role] = (new(content, 0, Special: true), false);
            }
        }
        return names;
    }

    private static List<AddedToken> AddedTokens(JsonPart? byContent, JsonPart? byId)
    {
        var tokens = new Dictionary<int, AddedToken>();
        if (byContent is { } contents)
            foreach (var (content, id) in contents.Entries())
                tokens[id.Number(Vocabulary.Largest)] = new(content, id.Number(Vocabulary.Largest), Special: false) { Normalised = true };
        if (byId is { Exists: true } ids)
            foreach (var (key, token) in ids.Entries())
            {
                if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id > Vocabulary.Largest)
                    throw token.Error("is not named by an id; download the file again");
                tokens[id] = AddedTokenOf(token, id);
            }
        return [.. tokens.Values];
    }

    /// <summary>An added token as the files write it.</summary>
    public static AddedToken AddedTokenOf(JsonPart part, int id) => new(part["content"].Text(), id, part.Flag("special") ?? false)
    {
        SingleWord = part.Flag("single_word") ?? false,
        StripsLeft = part.Flag("lstrip") ?? false,
        StripsRight = part.Flag("rstrip") ?? false,
        Normalised = part.Flag("normalized") ?? false,
    };

    private static IEnumerable<string> Further(JsonPart? file)
    {
        if (file?["additional_special_tokens"] is not { IsArray: true } list) return [];
        return list.Items().Select(item => item.IsObject ? item["content"].Text() : item.Text());
    }
}
