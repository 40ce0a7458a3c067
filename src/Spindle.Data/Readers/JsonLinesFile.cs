using System.Text.Json;

namespace Spindle.Data.Readers;

/// <summary>A file with one JSON object per line; the fields of nested objects are columns named with dots.</summary>
internal sealed class JsonLinesFile : TableFile
{
    private const int RowsLookedAt = 100;

    private JsonLinesFile(string path, IReadOnlyList<TableColumn> columns)
        : base(path, columns, 0)
    {
    }

    public static JsonLinesFile Open(string path)
    {
        var names = new JsonFieldNames();
        InvalidDataException? broken = null;
        var rows = 0;
        foreach (var line in TextLineReader.Read(path))
        {
            var text = line.Bytes.Span.Trim(" \t\r"u8);
            if (text.IsEmpty) continue;
            if (rows == 0 && text[0] == (byte)'[') throw new InvalidDataException($"{path}:{line.Number}: is a JSON list, not one object per line; write it as JSON lines");
            if (Fault(line, names) is { } fault)
            {
                names.Undo();
                broken ??= new($"{path}:{line.Number}: {fault.Reason}; {(fault == RowFault.Encoding ? RowFault.EncodingRemedy : fault.Kind == RowFaultKind.Encoding ? "correct the line" : "write one JSON object per line")}");
            }
            if (++rows == RowsLookedAt) break;
        }
        if (names.Names.Count == 0 && broken is not null) throw broken;
        return new(path, [.. names.Names.Select(name => new TableColumn(name))]);
    }

    public override IEnumerable<TableRow> Rows(IReadOnlyList<int> columns)
    {
        var fields = new JsonFieldValues([.. columns.Select(column => Columns[column].Name)]);
        foreach (var line in TextLineReader.Read(Path))
        {
            if (line.Bytes.Span.Trim(" \t\r"u8).IsEmpty) continue;
            var fault = Fault(line, fields) ?? fields.Fault;
            yield return new(Path, line.Number, fault is null ? fields.Take() : [], fault);
        }
    }

    private static RowFault? Fault(TextLine line, IJsonFields fields)
    {
        fields.Begin();
        if (!line.IsUtf8) return RowFault.Encoding;
        try
        {
            return JsonFields.Visit(line.Bytes.Span, fields) ? null : new(RowFaultKind.Malformed, "is not a JSON object");
        }
        catch (JsonException)
        {
            return new(RowFaultKind.Malformed, "is not a JSON object");
        }
        catch (InvalidOperationException)
        {
            return RowFault.HalfSurrogate;
        }
        catch (FormatException)
        {
            return RowFault.HalfSurrogateInName;
        }
    }
}
