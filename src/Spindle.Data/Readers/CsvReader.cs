using System.Text;

namespace Spindle.Data.Readers;

/// <summary>Reads delimited files with quotes (RFC 4180): a field in double quotes may hold delimiters, ends of lines and doubled quotes. Time and memory grow
/// with the text alone, however broken its quotes are.</summary>
public static class CsvReader
{
    /// <summary>The longest record that is read, in characters.</summary>
    public const int LongestRecord = TextLineReader.LongestLine;

    /// <summary>The rows of a file, in order; lines without a character are left out.</summary>
    /// <param name="path">The file, in UTF-8, with or without a byte-order mark.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is UTF-16, a record is longer than <see cref="LongestRecord"/>, or a broken quote takes in several lines.</exception>
    public static IEnumerable<TextRow> Read(string path, char delimiter = ',')
    {
        var record = new CsvRecord(delimiter);
        var (first, last, length, areUtf8) = (0, 0, 0L, true);
        foreach (var line in TextLineReader.Read(path))
        {
            // blank lines count, so that a file of nothing else ends too
            var before = length;
            length += line.Bytes.Length + 1;
            if (!record.IsOpen) (first, areUtf8) = (line.Number, true);
            if (before > LongestRecord)
                throw new InvalidDataException($"{path}:{first}: the record is longer than {LongestRecord} characters; is a closing quote missing?");
            if (!record.IsOpen && line.IsEmpty) continue;
            areUtf8 &= line.IsUtf8;
            last = line.Number;
            if (record.Add(line.Text)) yield return Take();
        }
        if (record.IsOpen)
        {
            record.CloseQuote();
            yield return Take();
        }

        TextRow Take()
        {
            length = 0;
            // one bad row must not stand for the many that went with it
            if (record.Broken is not null && first < last)
                throw new InvalidDataException($"{path}:{first}: a quote that is not closed, or goes on after it was, takes in the lines up to {last}; close it, or write it twice where it is part of the text");
            return record.Take(first, areUtf8);
        }
    }

    /// <summary>The delimiter that the first line uses most: a comma, a semicolon or a tab.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is UTF-16, or the line is far too long.</exception>
    public static char DetectDelimiter(string path)
    {
        foreach (var line in TextLineReader.Read(path))
            if (!line.IsEmpty) return (char)((byte[])[(byte)',', (byte)';', (byte)'\t']).MaxBy(delimiter => line.Bytes.Span.Count(delimiter));
        return ',';
    }

    /// <summary>The fields of a record, taken apart line by line.</summary>
    private sealed class CsvRecord(char delimiter)
    {
        private const char Quote = '"';

        private static readonly RowFault OpenQuote = new(RowFaultKind.Malformed, "a quote is never closed");
        private static readonly RowFault TextAfterQuote = new(RowFaultKind.Malformed, "text follows a closing quote");

        private readonly List<string> fields = [];
        private readonly StringBuilder field = new();
        private int columns;

        /// <summary>Whether a quote is open at the end of what was added.</summary>
        public bool IsOpen { get; private set; }

        /// <summary>What is wrong with a quote, or null.</summary>
        public RowFault? Broken { get; private set; }

        /// <summary>Adds a line.</summary>
        /// <returns>Whether the record ends with it.</returns>
        public bool Add(string line)
        {
            var at = 0;
            if (IsOpen) field.Append('\n');
            while (true)
            {
                if (!IsOpen && (at == line.Length || line[at] != Quote))
                {
                    var end = line.IndexOf(delimiter, at);
                    if (++columns <= Table.MostColumns) fields.Add(line[at..(end < 0 ? line.Length : end)]);
                    if (end < 0) return true;
                    at = end + 1;
                    continue;
                }
                if (!IsOpen) (IsOpen, at) = (true, at + 1);
                if (!TakeQuoted(line, ref at)) return false;
                // what follows the closing quote up to the delimiter is not part of a quoted field
                var next = line.IndexOf(delimiter, at);
                var rest = line.AsSpan(at, (next < 0 ? line.Length : next) - at);
                if (!rest.IsEmpty) Broken ??= TextAfterQuote;
                field.Append(rest);
                EndQuoted();
                if (next < 0) return true;
                at = next + 1;
            }
        }

        /// <summary>Ends a quote that the file leaves open.</summary>
        public void CloseQuote()
        {
            Broken = OpenQuote;
            EndQuoted();
        }

        /// <summary>The record; the next line begins another.</summary>
        public TextRow Take(int line, bool areUtf8)
        {
            var fault = Broken == OpenQuote ? OpenQuote
                : !areUtf8 ? RowFault.Encoding
                : Broken ?? (columns > Table.MostColumns ? RowFault.TooManyColumns(columns) : null);
            var row = new TextRow(line, [.. fields], fault);
            fields.Clear();
            (columns, Broken) = (0, null);
            return row;
        }

        // the text up to the quote that closes it; false where the line ends first
        private bool TakeQuoted(string line, ref int at)
        {
            while (true)
            {
                var quote = line.IndexOf(Quote, at);
                field.Append(line, at, (quote < 0 ? line.Length : quote) - at);
                if (quote < 0) return false;
                at = quote + 1;
                if (at == line.Length || line[at] != Quote) return true;
                field.Append(Quote);
                at++;
            }
        }

        private void EndQuoted()
        {
            // of a row that is too wide its number of columns is enough
            if (++columns <= Table.MostColumns) fields.Add(field.ToString());
            field.Clear();
            IsOpen = false;
        }
    }
}
