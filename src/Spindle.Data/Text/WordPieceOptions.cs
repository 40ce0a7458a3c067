using Spindle.Data.Text.Files;

namespace Spindle.Data.Text;

/// <summary>The options of BERT's tokenizer, named as <c>tokenizer_config.json</c> names them.</summary>
public sealed record WordPieceOptions
{
    /// <summary>Whether text is lowered.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>Whether accents are stripped; null follows <see cref="LowerCase"/>.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Whether each Chinese character is a separate word.</summary>
    public bool TokenizeChineseCharacters { get; init; } = true;

    /// <summary>Whether control characters go and every blank is a space.</summary>
    public bool CleanText { get; init; } = true;

    /// <summary>Reads <c>tokenizer_config.json</c>; the defaults where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is not a JSON object.</exception>
    public static WordPieceOptions Read(string path) => File.Exists(path) ? new WordPieceOptions().With(JsonPart.Read(path)) : new();

    // what the file leaves out, or sets to null, keeps its value
    internal WordPieceOptions With(JsonPart config) => this with
    {
        LowerCase = config.Flag("do_lower_case") ?? LowerCase,
        StripAccents = config.Flag("strip_accents") ?? StripAccents,
        TokenizeChineseCharacters = config.Flag("tokenize_chinese_chars") ?? TokenizeChineseCharacters,
    };
}
