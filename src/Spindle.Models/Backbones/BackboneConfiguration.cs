using System.Text.Json;

namespace Spindle.Models.Backbones;

/// <summary>The <c>config.json</c> of a checkpoint, or another small JSON file of it, read key by key.</summary>
public sealed class BackboneConfiguration
{
    private const long LargestFile = 4_000_000;
    private const string UsualFile = "config.json";
    private const int LongestShown = 80;

    private readonly string path;
    private readonly JsonElement root;

    private BackboneConfiguration(string path, JsonElement root) => (this.path, this.root) = (path, root);

    /// <summary>Reads <c>config.json</c> of a folder, or another JSON file.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="file">The file's name.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a JSON object.</exception>
    public static BackboneConfiguration Read(string folder, string file = UsualFile)
    {
        var path = System.IO.Path.Combine(folder, file);
        try
        {
            if (new FileInfo(path).Length > LargestFile) throw new InvalidDataException($"{path}: is too large for a configuration file");
            var bytes = File.ReadAllBytes(path);
            RequireWholeTexts(path, bytes);
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{path}: is not a JSON object; download the file again");
            return new(path, json.RootElement.Clone());
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}:{error.LineNumber + 1}:{error.BytePositionInLine + 1}: is not valid JSON; download the file again");
        }
    }

    private static string Shown(string text) => string.Concat(text.Take(LongestShown).Select(character => char.IsControl(character) ? '?' : character));

    // once for all keys and values, which can be read without failing afterwards
    private static void RequireWholeTexts(string path, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var characters = new char[json.Length];
        while (reader.Read())
        {
            try
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.CopyString(characters);
            }
            catch (InvalidOperationException)
            {
                throw new InvalidDataException($"{path}: the text at byte {reader.TokenStartIndex} holds half a character; download the file again");
            }
        }
    }

    /// <summary>A positive integer.</summary>
    /// <exception cref="InvalidDataException">The key is missing, or its value is not such a number.</exception>
    public int Size(string key, int largest = 1 << 20) => root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var size) && size >= 1 && size <= largest
            ? size
            : throw new InvalidDataException($"{path}: '{key}' must be a whole number from 1 to {largest}");

    /// <summary>An integer in a range, or a default where the key is missing or null.</summary>
    /// <exception cref="InvalidDataException">The value is not such a number.</exception>
    public int Whole(string key, int otherwise, int smallest, int largest) => Find(key) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= smallest && number <= largest ? number
        : throw Wrong(key, $"must be a whole number from {smallest} to {largest}");

    /// <summary>A token's id, or null where the key is missing or null.</summary>
    /// <exception cref="InvalidDataException">The value is not an integer from 0.</exception>
    public int? Id(string key) => !root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) && id >= 0 ? id
        : throw new InvalidDataException($"{path}: '{key}' must be a whole number from 0");

    /// <summary>True or false, or a default where the key is missing or null.</summary>
    /// <exception cref="InvalidDataException">The value is neither.</exception>
    public bool Flag(string key, bool otherwise) => !root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new InvalidDataException($"{path}: '{key}' must be true or false");

    /// <summary>A number, or a default where the key is missing or null.</summary>
    /// <exception cref="InvalidDataException">The value is not a number.</exception>
    public double Number(string key, double otherwise) => !root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? otherwise
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : throw new InvalidDataException($"{path}: '{key}' must be a number");

    /// <summary>A probability, or a default where the key is missing or null.</summary>
    /// <exception cref="InvalidDataException">The value is not a number from 0 to 1.</exception>
    public double Probability(string key, double otherwise) => Number(key, otherwise) is >= 0 and <= 1 and var value
        ? value
        : throw new InvalidDataException($"{path}: '{key}' must be a number from 0 to 1");

    /// <summary>A string, or a default where the key is missing or null.</summary>
    /// <exception cref="InvalidDataException">The value is not a string.</exception>
    public string Text(string key, string otherwise) => !root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? otherwise
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new InvalidDataException($"{path}: '{key}' must be a string");

    /// <summary>An error about an unsupported value.</summary>
    public InvalidDataException Unsupported(string key, string value, string supported) =>
        new($"{path}: '{key}: {Shown(value)}' is not supported; supported: {supported}");

    /// <summary>The file.</summary>
    internal string Path => path;

    /// <summary>Every key with its value, in the file's order.</summary>
    internal IEnumerable<JsonProperty> Entries => root.EnumerateObject();

    /// <summary>The value of a key, or null where it is missing or null.</summary>
    internal JsonElement? Find(string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>An error about the value of a key.</summary>
    internal InvalidDataException Wrong(string key, string why) => new($"{path}: '{key}' {why}");
}
