namespace Spindle.Data.Readers;

/// <summary>Reads tab-separated files as GLUE writes them: quotes are literal, a line is a row, ends of lines are LF or CR LF.</summary>
public static class TsvReader
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int LongestLine = TextLineReader.LongestLine;

    /// <summary>The rows of a file, in order, without the trailing end of line; nothing for empty lines at its end.</summary>
    /// <param name="path">The file, in UTF-8, with or without a byte-order mark.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is UTF-16, or a line is longer than <see cref="LongestLine"/>.</exception>
    public static IEnumerable<TextRow> Read(string path)
    {
        var empty = 0;
        foreach (var line in TextLineReader.Read(path))
        {
            if (line.IsEmpty)
            {
                empty++;
                continue;
            }
            for (; empty > 0; empty--) yield return new(line.Number - empty, [""]);
            var columns = line.Bytes.Span.Count((byte)'\t') + 1;
            if (columns > Table.MostColumns) yield return new(line.Number, [], RowFault.TooManyColumns(columns));
            else yield return new(line.Number, line.Text.Split('\t'), line.IsUtf8 ? null : RowFault.Encoding);
        }
    }
}
