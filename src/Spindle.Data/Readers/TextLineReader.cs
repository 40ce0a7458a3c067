using System.Text;
using System.Text.Unicode;

namespace Spindle.Data.Readers;

/// <summary>The lines of a UTF-8 file, one at a time; ends of lines are LF or CR LF, a byte-order mark is left out.</summary>
internal static class TextLineReader
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int LongestLine = 16 << 20;

    /// <summary>The lines in order; the bytes of one are valid until the next is asked for.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is UTF-16 or UTF-32, or a line is longer than <see cref="LongestLine"/>.</exception>
    public static IEnumerable<TextLine> Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file", path);
        using var stream = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
        var buffer = new byte[1 << 16];
        var line = new MemoryStream();
        var number = 1;
        var first = true;
        for (var read = Fill(); read > 0; read = Fill())
        {
            var start = first ? Mark(path, buffer.AsSpan(0, read)) : 0;
            first = false;
            while (start < read)
            {
                var length = buffer.AsSpan(start, read - start).IndexOf((byte)'\n');
                if (length >= 0 && line.Length == 0)
                {
                    yield return new(number++, WithoutReturn(buffer.AsMemory(start, length)));
                    start += length + 1;
                    continue;
                }
                Append(start, length < 0 ? read - start : length);
                if (length < 0) break;
                start += length + 1;
                yield return Take();
                number++;
            }
        }
        if (line.Length > 0) yield return Take();

        // whole buffers, so that a byte-order mark is never cut in two by a short read
        int Fill() => stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);

        void Append(int start, int count)
        {
            if (line.Length + count > LongestLine)
                throw new InvalidDataException($"{path}:{number}: the line is longer than {LongestLine} bytes; is this a text file?");
            line.Write(buffer, start, count);
        }

        TextLine Take()
        {
            var bytes = line.GetBuffer().AsMemory(0, (int)line.Length);
            line.SetLength(0);
            return new(number, WithoutReturn(bytes));
        }
    }

    private static ReadOnlyMemory<byte> WithoutReturn(ReadOnlyMemory<byte> line) => line.Span.EndsWith("\r"u8) ? line[..^1] : line;

    private static int Mark(string path, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw new InvalidDataException($"{path}:1: is UTF-16 or UTF-32; save it as UTF-8");
        return head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
    }
}

/// <summary>One line.</summary>
/// <param name="Number">The one-based number.</param>
/// <param name="Bytes">The bytes, without the end of the line.</param>
internal readonly record struct TextLine(int Number, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Whether the line has no character.</summary>
    public bool IsEmpty => Bytes.IsEmpty;

    /// <summary>Whether all of it is UTF-8.</summary>
    public bool IsUtf8 => Utf8.IsValid(Bytes.Span);

    /// <summary>The text; U+FFFD in place of bytes that are not UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}
