namespace Spindle.Data.Readers;

/// <summary>One file of rows and columns, read row by row.</summary>
public abstract class TableFile
{
    private protected TableFile(string path, IReadOnlyList<TableColumn> columns, int headerLine) => (Path, Columns, HeaderLine) = (path, columns, headerLine);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its columns in order; none where the file is empty.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The one-based line that names the columns, or 0 where no line does.</summary>
    public int HeaderLine { get; }

    /// <summary>Opens a file by its extension: <c>.tsv</c>, <c>.csv</c>, <c>.jsonl</c>, <c>.ndjson</c>, <c>.json</c> or <c>.parquet</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The extension is none of these, or the file is damaged.</exception>
    public static TableFile Open(string path, TableOptions? options = null)
    {
        options ??= TableOptions.Default;
        if (!File.Exists(path))
            throw new FileNotFoundException(Directory.Exists(path) ? $"{path}: is a folder; name a file" : $"{path}: there is no such file", path);
        return (options.Format ?? FormatOf(path)) switch
        {
            TableFormat.Tsv => DelimitedFile.Open(path, TsvReader.Read, options),
            TableFormat.Csv => CsvReader.DetectDelimiter(path) is var delimiter ? DelimitedFile.Open(path, file => CsvReader.Read(file, delimiter), options) : null!,
            TableFormat.JsonLines => JsonLinesFile.Open(path),
            TableFormat.Parquet => ParquetFile.Open(path),
            _ => throw new InvalidDataException($"{path}: the file's extension does not say its format; give it under 'format', or name the file .csv, .tsv, .jsonl or .parquet"),
        };
    }

    /// <summary>The format of a file by its extension, or null.</summary>
    public static TableFormat? FormatOf(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".tsv" => TableFormat.Tsv,
        ".csv" => TableFormat.Csv,
        ".jsonl" or ".ndjson" or ".json" => TableFormat.JsonLines,
        ".parquet" => TableFormat.Parquet,
        _ => null,
    };

    /// <summary>The rows in order, a new reading each time; memory does not grow with the file (in Parquet: a row group at a time).</summary>
    /// <param name="columns">The positions in <see cref="Columns"/> that are wanted.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public abstract IEnumerable<TableRow> Rows(IReadOnlyList<int> columns);
}

/// <summary>How files are read.</summary>
public sealed record TableOptions
{
    /// <summary>A header in the first row, and the format inferred from the file's extension.</summary>
    public static TableOptions Default { get; } = new();

    /// <summary>The format, or null to infer it from the file's extension.</summary>
    public TableFormat? Format { get; init; }

    /// <summary>Whether the first row of a delimited file names its columns; columns are named by one-based position where it does not.</summary>
    public bool Header { get; init; } = true;

    /// <summary>A field that only a header has: the first row is one if and only if it holds this. Null leaves it to <see cref="Header"/>.</summary>
    public string? HeaderMark { get; init; }

    /// <summary>The number of columns of a file without a header, or null to take the first row's.</summary>
    public int? Columns { get; init; }
}

/// <summary>The formats of files of rows.</summary>
public enum TableFormat
{
    /// <summary>Tab-separated, one row per line, quotes literal.</summary>
    Tsv,

    /// <summary>Separated by commas, semicolons or tabs, with quotes.</summary>
    Csv,

    /// <summary>One JSON object per line.</summary>
    JsonLines,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
