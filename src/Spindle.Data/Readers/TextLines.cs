using System.Text;

namespace Spindle.Data.Readers;

/// <summary>The lines of a UTF-8 file, one at a time; ends of lines are LF or CR LF, a byte-order mark is left out.</summary>
internal static class TextLines
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int LongestLine = 16 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines in order.</summary>
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
            var bytes = line.GetBuffer().AsSpan(0, (int)line.Length);
            if (bytes.EndsWith("\r"u8)) bytes = bytes[..^1];
            line.SetLength(0);
            try
            {
                return new(number, Strict.GetString(bytes), IsUtf8: true);
            }
            catch (DecoderFallbackException)
            {
                return new(number, Encoding.UTF8.GetString(bytes), IsUtf8: false);
            }
        }
    }

    private static int Mark(string path, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw new InvalidDataException($"{path}:1: is UTF-16 or UTF-32; save it as UTF-8");
        return head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
    }
}

/// <summary>One line.</summary>
/// <param name="Number">The one-based number.</param>
/// <param name="Text">The text; U+FFFD in place of what is no UTF-8.</param>
/// <param name="IsUtf8">Whether all of it is UTF-8.</param>
internal readonly record struct TextLine(int Number, string Text, bool IsUtf8);
