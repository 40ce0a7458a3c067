using System.Text.Json;

namespace Spindle.Data.Readers;

/// <summary>What is done with the fields of a JSON object. A field's path is the names on the way to it, joined by dots.</summary>
internal interface IJsonFields
{
    /// <summary>Begins a line.</summary>
    void Begin();

    /// <summary>Whether the fields of the object at a path are wanted.</summary>
    bool Enters(ReadOnlySpan<char> path);

    /// <summary>Takes the value at a path, an opened list or object as it stands.</summary>
    /// <param name="path">The path.</param>
    /// <param name="depth">The objects around it.</param>
    /// <param name="reader">The reader, at the value.</param>
    void Take(scoped ReadOnlySpan<char> path, int depth, ref Utf8JsonReader reader);
}

/// <summary>Visits the fields of a line that holds a JSON object, without building anything of what is not wanted.</summary>
internal static class JsonFields
{
    /// <summary>The longest path that a column may have, in characters; fields with longer ones are not visited.</summary>
    public const int LongestPath = 1000;

    // an escaped character takes six bytes at most
    private const int BytesPerCharacter = 6;

    /// <summary>Visits the fields.</summary>
    /// <returns>False where the line holds something other than an object.</returns>
    /// <exception cref="JsonException">The line is not valid JSON.</exception>
    /// <exception cref="InvalidOperationException">A wanted text holds half a surrogate pair.</exception>
    /// <exception cref="FormatException">A name does.</exception>
    public static bool Visit(ReadOnlySpan<byte> line, IJsonFields fields)
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        Span<char> path = stackalloc char[LongestPath + 1];
        Visit(ref reader, fields, path, 0, 0);
        // what follows the object must be white space
        while (reader.Read()) { }
        return true;
    }

    private static void Visit(ref Utf8JsonReader reader, IJsonFields fields, scoped Span<char> path, int start, int depth)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var length = Append(ref reader, path, start);
            reader.Read();
            if (length < 0) reader.Skip();
            else if (reader.TokenType != JsonTokenType.StartObject)
            {
                fields.Take(path[..length], depth, ref reader);
                reader.Skip();
            }
            else
            {
                fields.Take(path[..length], depth, ref reader);
                if (length < LongestPath && fields.Enters(path[..length]))
                {
                    path[length] = '.';
                    Visit(ref reader, fields, path, length + 1, depth + 1);
                }
                else reader.Skip();
            }
        }
    }

    private static int Copy(ref Utf8JsonReader reader, scoped Span<char> name)
    {
        try
        {
            return reader.CopyString(name);
        }
        catch (InvalidOperationException half)
        {
            throw new FormatException("half a surrogate pair", half);
        }
    }

    // the path's length with the field's name behind it, or −1 where it becomes too long
    private static int Append(ref Utf8JsonReader reader, scoped Span<char> path, int start)
    {
        if (reader.ValueSpan.Length > LongestPath * BytesPerCharacter) return -1;
        Span<char> name = stackalloc char[reader.ValueSpan.Length];
        var length = Copy(ref reader, name);
        if (start + length > LongestPath) return -1;
        name[..length].CopyTo(path[start..]);
        return start + length;
    }
}

/// <summary>Collects the paths of the fields that hold a single value.</summary>
internal sealed class JsonFieldNames : IJsonFields
{
    private readonly List<string> names = [];
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private int before;

    /// <summary>The paths in the order in which they were found.</summary>
    public IReadOnlyList<string> Names => names;

    public void Begin() => before = names.Count;

    /// <summary>Forgets what the line brought.</summary>
    public void Undo()
    {
        known.ExceptWith(names.Skip(before));
        names.RemoveRange(before, names.Count - before);
    }

    public bool Enters(ReadOnlySpan<char> path) => true;

    public void Take(scoped ReadOnlySpan<char> path, int depth, ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject || names.Count == Table.MostColumns) return;
        if (known.GetAlternateLookup<ReadOnlySpan<char>>().Contains(path)) return;
        names.Add(path.ToString());
        known.Add(names[^1]);
    }
}

/// <summary>Takes the values of some fields. Of several fields with one path, the one within the fewest objects counts, and of those the last.</summary>
internal sealed class JsonFieldValues : IJsonFields
{
    private readonly IReadOnlyList<string> names;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly string[] sorted;
    private readonly string?[] values;
    private readonly int[] depths;

    /// <param name="names">The paths; one may be named twice.</param>
    public JsonFieldValues(IReadOnlyList<string> names)
    {
        this.names = names;
        (values, depths) = (new string?[names.Count], new int[names.Count]);
        sorted = [.. names.Order(StringComparer.Ordinal)];
        foreach (var (place, name) in names.Index()) places.TryAdd(name, place);
    }

    /// <summary>What is missing, or null.</summary>
    public RowFault? Fault => names.FirstOrDefault(name => depths[places[name]] == int.MaxValue) is { } missing
        ? new(RowFaultKind.Columns, $"has no field '{MessageText.Shorten(missing)}'")
        : null;

    /// <summary>The values in the order of the paths; null where a field holds nothing, a list or an object.</summary>
    public string?[] Take() => [.. names.Select(name => values[places[name]])];

    public void Begin() => Array.Fill(depths, int.MaxValue);

    // of the paths that are wanted, the first that is not before this one begins with it if any does
    public bool Enters(ReadOnlySpan<char> path)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Compare(sorted[middle], path) < 0) low = middle + 1;
            else high = middle;
        }
        return low < sorted.Length && Compare(sorted[low], path) == 0;
    }

    public void Take(scoped ReadOnlySpan<char> path, int depth, ref Utf8JsonReader reader)
    {
        if (!places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var place) || depth > depths[place]) return;
        depths[place] = depth;
        values[place] = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };
    }

    // how a path compares with another and a dot behind it; 0 where it begins with them
    private static int Compare(string name, ReadOnlySpan<char> path)
    {
        var start = name.AsSpan(0, Math.Min(name.Length, path.Length)).SequenceCompareTo(path);
        if (start != 0) return start;
        return name.Length == path.Length ? -1 : name[path.Length].CompareTo('.');
    }
}
