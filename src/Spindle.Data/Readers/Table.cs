namespace Spindle.Data.Readers;

/// <summary>The rows of one or more files of the same columns, one file after the other.</summary>
public sealed class Table
{
    /// <summary>The most columns that a file may have.</summary>
    public const int MostColumns = 10_000;

    private readonly IReadOnlyList<TableFile> files;

    private Table(IReadOnlyList<TableFile> files) => this.files = files;

    /// <summary>The columns, as the first file has them.</summary>
    public IReadOnlyList<TableColumn> Columns => files[0].Columns;

    /// <summary>The files in order.</summary>
    public IReadOnlyList<string> Files => [.. files.Select(file => file.Path)];

    /// <summary>Opens files; each is checked for the columns when its rows are read.</summary>
    /// <param name="paths">At least one file.</param>
    /// <param name="options">How they are read.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or of no known format.</exception>
    public static Table Open(IReadOnlyList<string> paths, TableOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        return new([.. paths.Select(path => TableFile.Open(path, options))]);
    }

    /// <summary>The first of several names that is a column's, or null.</summary>
    public string? Find(IEnumerable<string> names) => names.FirstOrDefault(name => Columns.Any(column => column.Name == name));

    /// <summary>The column of a name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public TableColumn Column(string name) => files[0].Columns[Position(files[0], name)];

    /// <summary>The rows in order, a new reading each time, none of them kept in memory.</summary>
    /// <param name="columns">The names of the columns that are wanted.</param>
    /// <exception cref="InvalidDataException">A file lacks one, or is damaged.</exception>
    public IEnumerable<TableRow> Rows(IReadOnlyList<string> columns)
    {
        foreach (var file in files)
        {
            // an empty file has no header, and no row that would need one
            if (file.Columns.Count == 0) continue;
            foreach (var row in file.Rows([.. columns.Select(name => Position(file, name))])) yield return row;
        }
    }

    /// <summary>An error about a column that is not there.</summary>
    /// <param name="wanted">The column's name.</param>
    public InvalidDataException Missing(string wanted) => Missing(files[0], wanted);

    /// <summary>An error about rows that are not there.</summary>
    public InvalidDataException Empty() => Empty(files[0]);

    private static int Position(TableFile file, string name)
    {
        for (var index = 0; index < file.Columns.Count; index++)
            if (file.Columns[index].Name == name) return index;
        throw Missing(file, name);
    }

    private static InvalidDataException Missing(TableFile file, string name)
    {
        if (file.Columns.Count == 0) return Empty(file);
        var columns = string.Join(", ", file.Columns.Take(12).Select(column => MessageText.Shorten(column.Name)));
        return new(file.HeaderLine > 0 ? $"{file.Path}:{file.HeaderLine}: the header has no column '{MessageText.Shorten(name)}'; it has {columns}"
            : $"{file.Path}: has no column '{MessageText.Shorten(name)}'; it has {columns}");
    }

    private static InvalidDataException Empty(TableFile file) =>
        new($"{file.Path}: {(file.Columns.Count == 0 ? "the file is empty" : "has no rows")}; a table needs {(file is DelimitedFile ? "a header line and " : "")}at least one row");
}
