using System.Text.Json;

namespace Spindle.Data.Text;

/// <summary>The options of BERT's tokenizer, named as <c>tokenizer_config.json</c> names them.</summary>
public sealed record WordPieceOptions
{
    /// <summary>Whether text is lowered.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>Whether accents are stripped; null follows <see cref="LowerCase"/>.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Whether each Chinese character is a word of its own.</summary>
    public bool TokenizeChineseCharacters { get; init; } = true;

    /// <summary>Reads <c>tokenizer_config.json</c>; the defaults where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no JSON object.</exception>
    public static WordPieceOptions Read(string path)
    {
        if (!File.Exists(path)) return new();
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return new()
            {
                LowerCase = Flag("do_lower_case") ?? true,
                StripAccents = Flag("strip_accents"),
                TokenizeChineseCharacters = Flag("tokenize_chinese_chars") ?? true,
            };

            bool? Flag(string key) => json.RootElement.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? value.GetBoolean()
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: is no JSON object: fetch the file anew");
        }
    }
}
