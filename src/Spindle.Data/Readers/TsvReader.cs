using System.Text;

namespace Spindle.Data.Readers;

/// <summary>Reads tab-separated files as GLUE writes them: quotes are literal, a line is a row, ends of lines are LF or CR LF.</summary>
public static class TsvReader
{
    /// <summary>The longest line that is read, in characters.</summary>
    public const int LongestLine = 1_000_000;

    /// <summary>The rows of a file, in order, without the trailing end of line; nothing for empty lines at its end.</summary>
    /// <param name="path">The file, in UTF-8, with or without a byte-order mark.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="LongestLine"/>.</exception>
    public static IEnumerable<TsvRow> Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file", path);
        var (number, empty) = (0, 0);
        foreach (var line in Lines(path))
        {
            number++;
            if (line.Length == 0)
            {
                empty++;
                continue;
            }
            for (; empty > 0; empty--) yield return new(number - empty, [""]);
            yield return new(number, line.Split('\t'));
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
        var line = new StringBuilder();
        var buffer = new char[1 << 14];
        var number = 1;
        for (var read = reader.Read(buffer); read > 0; read = reader.Read(buffer))
        {
            var start = 0;
            for (var at = 0; at < read; at++)
            {
                if (buffer[at] != '\n') continue;
                Append(buffer.AsSpan(start, at - start));
                start = at + 1;
                yield return Take();
                number++;
            }
            Append(buffer.AsSpan(start, read - start));
        }
        if (line.Length > 0) yield return Take();

        void Append(ReadOnlySpan<char> part)
        {
            if (line.Length + part.Length > LongestLine)
                throw new InvalidDataException($"{path}:{number}: the line is longer than {LongestLine} characters; is this a TSV file?");
            line.Append(part);
        }

        string Take()
        {
            if (line.Length > 0 && line[^1] == '\r') line.Length--;
            var text = line.ToString();
            line.Clear();
            return text;
        }
    }
}

/// <summary>One row of a tab-separated file.</summary>
/// <param name="Line">The one-based line.</param>
/// <param name="Fields">The fields.</param>
public sealed record TsvRow(int Line, IReadOnlyList<string> Fields);
