using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Spindle.Data.Readers;

/// <summary>An Apache Parquet file; the names of classes are those that the Hub's <c>datasets</c> writes into the metadata <c>huggingface</c>.
/// Lists are no columns.</summary>
internal sealed class ParquetFile : TableFile
{
    private const string Mark = "PAR1";
    private const int MostRowsOfGroup = 1 << 24;

    private readonly IReadOnlyList<string> paths;

    private ParquetFile(string path, IReadOnlyList<TableColumn> columns, IReadOnlyList<string> paths)
        : base(path, columns, 0) => this.paths = paths;

    public static ParquetFile Open(string path)
    {
        CheckFrame(path);
        return Guarded(path, () =>
        {
            using var stream = File.OpenRead(path);
            var reader = Wait(ParquetReader.CreateAsync(stream));
            try
            {
                var fields = Fields(reader);
                var classes = reader.CustomMetadata.TryGetValue("huggingface", out var metadata) ? ClassNames(metadata) : [];
                return new ParquetFile(
                    path,
                    [.. fields.Select(field => Name(field) is var name ? new TableColumn(name, classes.GetValueOrDefault(name)) : null!)],
                    [.. fields.Select(field => field.Path.ToString())]);
            }
            finally
            {
                Wait(reader.DisposeAsync());
            }
        });
    }

    public override IEnumerable<TableRow> Rows(IReadOnlyList<int> columns)
    {
        using var stream = File.OpenRead(Path);
        var reader = Guarded(Path, () => Wait(ParquetReader.CreateAsync(stream)));
        try
        {
            var fields = Fields(reader);
            DataField[] wanted = [.. columns.Select(column => fields.First(field => field.Path.ToString() == paths[column]))];
            var row = 0;
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                var values = Guarded(Path, () => ReadGroup(reader, group, wanted, stream.Length));
                for (var at = 0; at < values.Rows; at++) yield return new(Path, checked(++row), [.. values.Columns.Select(column => column(at))]);
            }
        }
        finally
        {
            Wait(reader.DisposeAsync());
        }
    }

    private static (int Rows, Func<int, string?>[] Columns) ReadGroup(ParquetReader reader, int group, DataField[] fields, long bytes)
    {
        using var groupReader = reader.OpenRowGroupReader(group);
        // runs of equal rows take next to nothing in a file, so the count is checked against a bound of its own
        if (groupReader.RowCount is < 0 or > MostRowsOfGroup || groupReader.RowCount > bytes * 1024)
            throw new InvalidDataException($"row group {group + 1} claims {groupReader.RowCount} rows");
        var rows = (int)groupReader.RowCount;
        return (rows, [.. fields.Select(field => Column(groupReader, field, rows))]);
    }

    private static Func<int, string?> Column(ParquetRowGroupReader reader, DataField field, int rows)
    {
        if (field.ClrType == typeof(ReadOnlyMemory<char>) || field.ClrType == typeof(string))
        {
            var texts = new string?[rows];
            Wait(reader.ReadAsync(field, texts.AsMemory()!));
            return row => texts[row];
        }
        if (field.ClrType == typeof(bool)) return Values<bool>(value => value ? "true" : "false");
        // NaN is how other programs write a number that is missing
        if (field.ClrType == typeof(float)) return Values<float>(value => float.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture));
        if (field.ClrType == typeof(double)) return Values<double>(value => double.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture));
        if (field.ClrType == typeof(decimal)) return Numbers<decimal>();
        if (field.ClrType == typeof(long)) return Numbers<long>();
        if (field.ClrType == typeof(int)) return Numbers<int>();
        if (field.ClrType == typeof(short)) return Numbers<short>();
        if (field.ClrType == typeof(sbyte)) return Numbers<sbyte>();
        if (field.ClrType == typeof(byte)) return Numbers<byte>();
        if (field.ClrType == typeof(ushort)) return Numbers<ushort>();
        if (field.ClrType == typeof(uint)) return Numbers<uint>();
        if (field.ClrType == typeof(ulong)) return Numbers<ulong>();
        throw new UnreadableTypeException($"the column '{ShownText.Of(Name(field))}' holds {field.SchemaType} values of type {field.ClrType.Name}, which are neither texts nor numbers; write them as such");

        Func<int, string?> Numbers<T>()
            where T : struct, IFormattable => Values<T>(value => value.ToString(null, CultureInfo.InvariantCulture));

        Func<int, string?> Values<T>(Func<T, string?> text)
            where T : struct
        {
            if (!field.IsNullable && field.MaxDefinitionLevel == 0)
            {
                var all = new T[rows];
                Wait(reader.ReadAsync<T>(field, all.AsMemory()));
                return row => text(all[row]);
            }
            var values = new T?[rows];
            Wait(reader.ReadAsync<T>(field, values.AsMemory()));
            return row => values[row] is { } value ? text(value) : null;
        }
    }

    private static DataField[] Fields(ParquetReader reader) => [.. reader.Schema.GetDataFields().Where(field => field.MaxRepetitionLevel == 0)];

    private static string Name(DataField field) => string.Join('.', field.Path.ToList());

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
        catch (JsonException)
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

    // the frame says how long the footer is: a length beyond the file would be allocated unread
    private static void CheckFrame(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> end = stackalloc byte[8];
        var length = 0;
        if (stream.Length >= 12)
        {
            stream.Position = stream.Length - 8;
            stream.ReadExactly(end);
            length = BitConverter.ToInt32(end[..4]);
        }
        if (stream.Length < 12 || !end[4..].SequenceEqual("PAR1"u8) || length < 0 || length > stream.Length - 12)
            throw new InvalidDataException($"{path}: is no whole Parquet file: its end does not say {Mark} after a footer that fits; fetch it anew");
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnreadableTypeException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
        // the library lets errors of many kinds through where bytes are not what it expects
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new InvalidDataException($"{path}: cannot be read as Parquet ({ShownText.Of(error.Message, 160)}); fetch it anew", error);
        }
    }

    private sealed class UnreadableTypeException(string message) : Exception(message);

    // files only: nothing here waits for anything but a disk
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
