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
            WhiteSpaceChars = [],
            // a quote within a field that does not begin with one is a quote
            BadDataFound = bad => broken.AddRange(bad.Field.StartsWith(Quote) ? [bad.Field] : []),
        });
        while (parser.Read())
        {
            // bad fields are told of when the record is asked for
            var fields = parser.Record!;
            // the parser's own numbers of lines count every CR
            var (first, last, areUtf8) = lines.Take(parser.CharCount - parser.RawRecord.Length, parser.CharCount);
            // one bad row must not stand for the many that went with it
            if (broken.Count > 0 && first < last)
                throw new InvalidDataException($"{path}:{first}: a quote that is not closed, or goes on after it was, takes in the lines up to {last}; close it, or write it twice where it is part of the text");
            RowFault? fault = !broken.All(IsClosed) ? new(RowFaultKind.Malformed, "a quote is never closed")
                : !areUtf8 ? RowFault.Encoding
                : broken.Count > 0 ? new(RowFaultKind.Malformed, "text follows a closing quote")
                : null;
            yield return new(first, fields, fault);
            broken.Clear();
        }
    }

    // whether a field that begins with a quote has one that closes it; two of them are one that is part of the text
    private static bool IsClosed(string field)
    {
        for (var at = 1; at < field.Length; at++)
        {
            if (field[at] != Quote) continue;
            if (at + 1 == field.Length || field[at + 1] != Quote) return true;
            at++;
        }
        return false;
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
