using System.Text.Json;

namespace Spindle.Data.Readers;

/// <summary>A file with a JSON object a line; the fields of nested objects are columns named with dots.</summary>
internal sealed class JsonLinesFile : TableFile
{
    private const int RowsLookedAt = 100;
    private const int MostColumns = 10_000;

    private JsonLinesFile(string path, IReadOnlyList<TableColumn> columns)
        : base(path, columns, 0)
    {
    }

    public static JsonLinesFile Open(string path)
    {
        var names = new List<string>();
        InvalidDataException? broken = null;
        foreach (var (index, line) in Lines(path).Take(RowsLookedAt).Index())
        {
            if (index == 0 && line.Text.AsSpan().TrimStart().StartsWith("["))
                throw new InvalidDataException($"{path}:{line.Number}: is a JSON list, not an object a line; write it as JSON lines");
            if (Parse(line, out var fault) is { } document)
                using (document) Collect(document.RootElement, "");
            else broken ??= new($"{path}:{line.Number}: {fault!.Reason}; write a JSON object a line");
        }
        if (names.Count == 0 && broken is not null) throw broken;
        return new(path, [.. names.Select(name => new TableColumn(name))]);

        void Collect(JsonElement element, string prefix)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Object) Collect(property.Value, $"{prefix}{property.Name}.");
                else if (property.Value.ValueKind != JsonValueKind.Array && names.Count < MostColumns && !names.Contains(prefix + property.Name)) names.Add(prefix + property.Name);
            }
        }
    }

    public override IEnumerable<TableRow> Rows(IReadOnlyList<int> columns)
    {
        string[] names = [.. columns.Select(column => Columns[column].Name)];
        foreach (var line in Lines(Path))
        {
            if (Parse(line, out var fault) is not { } document)
            {
                yield return new(Path, line.Number, [], fault);
                continue;
            }
            using (document)
            {
                var fields = new string?[names.Length];
                for (var at = 0; at < names.Length && fault is null; at++)
                    if (!TryRead(document.RootElement, names[at], out fields[at], out var reason)) fault = reason;
                yield return new(Path, line.Number, fault is null ? fields : [], fault);
            }
        }
    }

    private static IEnumerable<TextLine> Lines(string path) => TextLines.Read(path).Where(line => !string.IsNullOrWhiteSpace(line.Text));

    private static JsonDocument? Parse(TextLine line, out RowFault? fault)
    {
        fault = line.IsUtf8 ? null : RowFault.Encoding;
        if (fault is not null) return null;
        try
        {
            var document = JsonDocument.Parse(line.Text);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // said below
        }
        fault = new(RowFaultKind.Malformed, "is no JSON object");
        return null;
    }

    private static bool TryRead(JsonElement row, string name, out string? value, out RowFault? fault)
    {
        (value, fault) = (null, null);
        if (!TryFind(row, name, out var element))
        {
            fault = new(RowFaultKind.Columns, $"has no field '{ShownText.Of(name)}'");
            return false;
        }
        try
        {
            value = element.ValueKind switch
            {
                JsonValueKind.String => element.GetString(),
                JsonValueKind.Number => element.GetRawText(),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => null,
            };
            return true;
        }
        catch (InvalidOperationException)
        {
            fault = new(RowFaultKind.Encoding, "holds half a surrogate pair");
            return false;
        }
    }

    // a field whose own name has a dot is found too
    private static bool TryFind(JsonElement row, string name, out JsonElement found)
    {
        if (row.TryGetProperty(name, out found)) return true;
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
            if (row.TryGetProperty(name.AsSpan(0, dot), out var inner) && inner.ValueKind == JsonValueKind.Object && TryFind(inner, name[(dot + 1)..], out found)) return true;
        return false;
    }
}
