using System.Text;

namespace Spindle.Data.Readers;

/// <summary>Reads delimited files with quotes (RFC 4180): a field in double quotes may hold delimiters, ends of lines and doubled quotes.</summary>
public static class CsvReader
{
    /// <summary>The longest record that is read, in characters.</summary>
    public const int LongestRecord = TextLines.LongestLine;

    /// <summary>The rows of a file, in order; lines without a character are left out.</summary>
    /// <param name="path">The file, in UTF-8, with or without a byte-order mark.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is UTF-16, or a record is longer than <see cref="LongestRecord"/>.</exception>
    public static IEnumerable<TextRow> Read(string path, char delimiter = ',')
    {
        var record = new Record(delimiter);
        var begin = 0;
        var utf8 = true;
        foreach (var line in TextLines.Read(path))
        {
            if (!record.IsOpen)
            {
                if (line.Text.Length == 0) continue;
                (begin, utf8) = (line.Number, true);
            }
            utf8 &= line.IsUtf8;
            record.Add(line.Text);
            if (record.Length > LongestRecord)
                throw new InvalidDataException($"{path}:{begin}: the record is longer than {LongestRecord} characters; is a closing quote missing?");
            if (!record.IsOpen) yield return Take();
        }
        if (record.IsOpen) yield return record.Close(begin, new(RowFaultKind.Malformed, "a quote is never closed"));

        TextRow Take() => record.Close(begin, utf8 ? null : RowFault.Encoding);
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

    private sealed class Record(char delimiter)
    {
        private readonly StringBuilder field = new();
        private List<string> fields = [];
        private bool strayQuote;

        /// <summary>Whether a quoted field goes on in the next line.</summary>
        public bool IsOpen { get; private set; }

        public int Length { get; private set; }

        public void Add(string line)
        {
            var (quoted, closed) = (IsOpen, false);
            if (IsOpen) field.Append('\n');
            Length += line.Length + 1;
            for (var at = 0; at < line.Length; at++)
            {
                var character = line[at];
                if (quoted && !closed)
                {
                    if (character != '"') field.Append(character);
                    else if (at + 1 < line.Length && line[at + 1] == '"') field.Append(line[++at]);
                    else closed = true;
                }
                else if (character == delimiter)
                {
                    Push();
                    (quoted, closed) = (false, false);
                }
                else if (character == '"' && field.Length == 0 && !quoted) quoted = true;
                else
                {
                    strayQuote |= closed;
                    field.Append(character);
                }
            }
            IsOpen = quoted && !closed;
            if (!IsOpen) Push();
        }

        public TextRow Close(int line, RowFault? fault)
        {
            if (IsOpen) Push();
            var row = new TextRow(line, fields, fault ?? (strayQuote ? new(RowFaultKind.Malformed, "text follows a closing quote") : null));
            (fields, strayQuote, IsOpen, Length) = ([], false, false, 0);
            return row;
        }

        private void Push()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
