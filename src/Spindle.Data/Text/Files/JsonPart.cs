using System.Text.Json;

namespace Spindle.Data.Text.Files;

/// <summary>A value of a JSON file that knows where it stands, so that whatever is wrong with it is said in one line.</summary>
internal readonly struct JsonPart
{
    private const int LongestName = 100;

    private readonly string path;
    private readonly string parent;
    private readonly string? key;
    private readonly int index;
    private readonly JsonElement value;

    private JsonPart(string path, string parent, string? key, int index, JsonElement value) =>
        (this.path, this.parent, this.key, this.index, this.value) = (path, parent, key, index, value);

    // put together when it is asked for, and cut, so that long names do not multiply
    private string Name
    {
        get
        {
            var name = key is null ? index < 0 ? "" : FormattableString.Invariant($"{parent}[{index}]")
                : parent.Length == 0 ? Cut(key)
                : $"{parent}.{Cut(key)}";
            return Cut(name);

            static string Cut(string text) => text.Length <= LongestName ? text : string.Concat(text.AsSpan(0, LongestName), "…");
        }
    }

    /// <summary>Whether the value is there and not null.</summary>
    public bool Exists => value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public bool IsObject => value.ValueKind == JsonValueKind.Object;

    public bool IsArray => value.ValueKind == JsonValueKind.Array;

    public bool IsNumber => value.ValueKind == JsonValueKind.Number;

    public bool IsText => value.ValueKind == JsonValueKind.String;

    /// <summary>Reads a file that holds one object.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a JSON object.</exception>
    public static JsonPart Read(string path)
    {
        var bytes = File.ReadAllBytes(path).AsMemory();
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        try
        {
            JsonCheck.Require(bytes.Span);
            var root = JsonDocument.Parse(bytes).RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new(path, "", null, -1, root)
                : throw new InvalidDataException($"{path}: is not a JSON object; download the file again");
        }
        catch (JsonException error)
        {
            var where = FormattableString.Invariant($"{path}:{error.LineNumber + 1}:{error.BytePositionInLine + 1}");
            throw new InvalidDataException($"{where}: is not valid JSON; download the file again");
        }
        catch (FormatException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}; download the file again");
        }
    }

    /// <summary>What is wrong with this value, as an error to throw.</summary>
    public InvalidDataException Error(string what)
    {
        var shown = Name is { Length: > 0 } name ? name : "the file";
        return new($"{path}: {string.Concat(shown.Select(character => char.IsControl(character) ? '?' : character))} {what}");
    }

    /// <summary>A value of an object; one that is absent where there is none.</summary>
    public JsonPart this[string key] => new(
        path,
        Name,
        key,
        -1,
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out var found) ? found : default);

    public bool? Flag(string key) => this[key].value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public bool RequiredFlag(string key) => Flag(key) ?? throw this[key].Error("is not true or false; download the file again");

    /// <summary>A text, or null where there is none.</summary>
    public string? Text(string key) => this[key] is { IsText: true } part ? part.Text() : null;

    public string Text()
    {
        if (!IsText) throw Error("is not a text; download the file again");
        return value.GetString()!;
    }

    /// <summary>A whole number from 0 up to a limit, or null where there is none.</summary>
    public int? Number(string key, int largest) => this[key] is { value.ValueKind: JsonValueKind.Number } part ? part.Number(largest) : null;

    public int Number(int largest) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number <= largest
        ? number
        : throw Error(FormattableString.Invariant($"is not a whole number from 0 to {largest}; download the file again"));

    /// <summary>A finite number.</summary>
    public double Real() => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
        ? number
        : throw Error("is not a number; download the file again");

    public int Length => IsArray ? value.GetArrayLength() : 0;

    /// <summary>The values of an array.</summary>
    public IEnumerable<JsonPart> Items()
    {
        if (!IsArray) throw Error("is not a list; download the file again");
        var (name, next) = (Name, 0);
        foreach (var item in value.EnumerateArray()) yield return new(path, name, null, next++, item);
    }

    /// <summary>The names and values of an object.</summary>
    public IEnumerable<(string Key, JsonPart Value)> Entries()
    {
        if (!IsObject) throw Error("is not an object; download the file again");
        var name = Name;
        foreach (var entry in value.EnumerateObject())
        {
            var key = entry.Name;
            yield return (key, new(path, name, key, -1, entry.Value));
        }
    }
}
