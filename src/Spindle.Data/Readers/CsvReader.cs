using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Spindle.Data.Readers;

/// <summary>Reads delimited files with quotes (RFC 4180): a field in double quotes may hold delimiters, ends of lines and doubled quotes.</summary>
public static class CsvReader
{
    /// <summary>The longest record that is read, in characters.</summary>
    public const int LongestRecord = TextLines.LongestLine;

    private const char Quote = '"';

    /// <summary>The rows of a file, in order; lines without a character are left out.</summary>
    /// <param name="path">The file, in UTF-8, with or without a byte-order mark.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is UTF-16, a record is longer than <see cref="LongestRecord"/>, or a broken quote takes in several lines.</exception>
    public static IEnumerable<TextRow> Read(string path, char delimiter = ',')
    {
        using var lines = new LineFeed(path);
        var broken = new List<string>();
        using var parser = new CsvParser(lines, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            NewLine = "\n",
            // a quote within a field that does not begin with one is a quote
            BadDataFound = bad => broken.AddRange(bad.Field.StartsWith(Quote) ? [bad.Field] : []),
        });
        while (parser.Read())
        {
            var fields = parser.Record!;
            var begin = parser.RawRow - fields.Sum(field => field.AsSpan().Count('\n'));
            var end = fields[^1].EndsWith('\n') ? parser.RawRow - 1 : parser.RawRow;
            // one bad row must not stand for the many that went with it
            if (broken.Count > 0 && begin < end)
                throw new InvalidDataException($"{path}:{begin}: a quote that is not closed, or goes on after it was, takes in the lines up to {end}; close it, or write it twice where it is part of the text");
            RowFault? fault = broken.Count == 0 ? null
                : new(RowFaultKind.Malformed, broken[^1].AsSpan().Count(Quote) % 2 == 1 ? "a quote is never closed" : "text follows a closing quote");
            yield return new(begin, fields, lines.AreUtf8(begin, parser.RawRow) ? fault : RowFault.Encoding);
            broken.Clear();
            lines.Forget(parser.RawRow);
        }
    }

    /// <summary>The delimiter that the first line uses most: a comma, a semicolon or a tab.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is UTF-16, or the line is far too long.</exception>
    public static char DelimiterOf(string path)
    {
        var line = TextLines.Read(path).FirstOrDefault(line => line.Text.Length > 0).Text ?? "";
        return ((char[])[',', ';', '\t']).MaxBy(delimiter => line.Count(character => character == delimiter));
    }
}
