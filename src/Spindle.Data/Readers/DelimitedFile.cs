using System.Globalization;

namespace Spindle.Data.Readers;

/// <summary>A delimited text file as a table.</summary>
internal sealed class DelimitedFile : TableFile
{
    private readonly Func<string, IEnumerable<TextRow>> read;

    private DelimitedFile(string path, IReadOnlyList<TableColumn> columns, int headerLine, Func<string, IEnumerable<TextRow>> read)
        : base(path, columns, headerLine) => this.read = read;

    public static DelimitedFile Open(string path, Func<string, IEnumerable<TextRow>> read, TableOptions options)
    {
        if (read(path).FirstOrDefault() is not { } first) return new(path, [], 0, read);
        var header = options.HeaderMark is { } mark ? first.Fields.Contains(mark) : options.Header;
        if (!header)
            return new(path, [.. Enumerable.Range(1, options.Columns ?? first.Fields.Count).Select(number => new TableColumn(number.ToString(CultureInfo.InvariantCulture)))], 0, read);
        if (first.Fault is { } fault) throw new InvalidDataException($"{path}:{first.Line}: the header {fault.Reason}; save the file as UTF-8 with one header row");
        return new(path, [.. first.Fields.Select(name => new TableColumn(name))], first.Line, read);
    }

    public override IEnumerable<TableRow> Rows(IReadOnlyList<int> columns)
    {
        foreach (var row in read(Path))
        {
            if (row.Line == HeaderLine) continue;
            var fault = row.Fault ?? (row.Fields.Count == Columns.Count ? null : RowFault.Columns(row.Fields.Count, Columns.Count));
            yield return new(Path, row.Line, fault is null ? [.. columns.Select(column => row.Fields[column])] : [], fault);
        }
    }
}
