using System.Text.Json;
using Spindle.Data.Readers.Columnar;

namespace Spindle.Data.Readers;

/// <summary>An Apache Parquet file; the names of classes are those that the Hub's <c>datasets</c> writes into the metadata <c>huggingface</c>.
/// Lists are not read.</summary>
internal sealed class ParquetFile : TableFile
{
    // more than any compression of rows of text reaches; a few bytes can repeat a row without end
    private const long RowsPerByte = 64;
    private const long CharactersPerByte = 1000;
    private const long Allowance = 1 << 16;

    private readonly ParquetFooter footer;

    private ParquetFile(string path, IReadOnlyList<TableColumn> columns, ParquetFooter footer)
        : base(path, columns, 0) => this.footer = footer;

    public static ParquetFile Open(string path) => Guarded(path, () =>
    {
        using var stream = File.OpenRead(path);
        var footer = ParquetFooter.Read(stream);
        if (footer.Groups.Sum(group => (double)group.Rows) is var rows && (rows > int.MaxValue || rows > stream.Length * RowsPerByte + Allowance))
            throw new FormatException($"it claims {rows:F0} rows in {stream.Length} bytes");
        var classes = footer.HuggingFace is { } metadata ? ClassNames(metadata) : [];
        return new ParquetFile(path, [.. footer.Columns.Select(column => new TableColumn(column.Name, classes.GetValueOrDefault(column.Name)))], footer);
    });

    public override IEnumerable<TableRow> Rows(IReadOnlyList<int> columns)
    {
        using var stream = File.OpenRead(Path);
        var (row, characters) = (0, 0L);
        foreach (var (index, group) in footer.Groups.Index())
        {
            var memory = new PageMemory(stream.Length);
            IEnumerator<string?>[] values = [.. columns.Select(at => footer.Columns[at]).Select(column =>
                new ColumnPages(stream, column, group.Chunks[column.Index], memory).Read().GetEnumerator())];
            if (columns.FirstOrDefault(at => group.Chunks[footer.Columns[at].Index].Values != group.Rows, -1) is >= 0 and var odd)
                throw new InvalidDataException($"{Path}: row group {index + 1} claims {group.Rows} rows, and column '{MessageText.Shorten(Columns[odd].Name)}' has another number of values; download it again");
            for (var left = group.Rows; left > 0 && values.Length > 0; left--)
            {
                var fields = Guarded(Path, () => values.Select(value => value.MoveNext() ? value.Current : throw new FormatException("a column ends early")).ToArray());
                characters += fields.Sum(field => field?.Length ?? 0);
                if (characters > stream.Length * CharactersPerByte + Allowance * CharactersPerByte)
                    throw new InvalidDataException($"{Path}: its rows come to more than {CharactersPerByte} characters for each byte of the file; save it again without a dictionary");
                yield return new(Path, ++row, fields);
            }
        }
    }

    // {"info": {"features": {"label": {"names": [...], "_type": "ClassLabel"}}}}
    private static Dictionary<string, IReadOnlyList<string>> ClassNames(string metadata)
    {
        var classes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(metadata);
            if (!TryGet(document.RootElement, "info", out var info) || !TryGet(info, "features", out var features)) return classes;
            if (features.ValueKind != JsonValueKind.Object) return classes;
            foreach (var feature in features.EnumerateObject())
                if (TryGet(feature.Value, "_type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "ClassLabel"
                    && TryGet(feature.Value, "names", out var names) && names.ValueKind == JsonValueKind.Array
                    && names.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String))
                    classes[feature.Name] = [.. names.EnumerateArray().Select(name => name.GetString()!)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // the metadata is a note that any program may have written: a file without it is read too
        }
        return classes;
    }

    private static bool TryGet(JsonElement element, string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value);
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (NotSupportedException error)
        {
            throw new InvalidDataException($"{path}: {MessageText.Shorten(error.Message, 300)}", error);
        }
        // the library lets errors of many kinds through where bytes are not what it expects
        catch (Exception error) when (error is not (OperationCanceledException or IOException) || error is EndOfStreamException)
        {
            throw new InvalidDataException($"{path}: cannot be read as Parquet: {MessageText.Shorten(error.Message, 200).TrimEnd('.')}; download it again, or save it again", error);
        }
    }
}
