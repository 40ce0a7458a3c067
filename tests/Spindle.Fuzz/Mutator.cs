using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Spindle.Fuzz;

/// <summary>Changes files at random: bits, bytes, numbers, pieces that are taken out, repeated or put in from another seed, and words that the format knows.</summary>
/// <param name="random">The source of chance; the same seed gives the same files.</param>
/// <param name="words">The format's words, and texts that are hard to read.</param>
internal sealed class Mutator(Random random, IReadOnlyList<string> words)
{
    private const int LargestFile = 1 << 18;
    private const int LargestRepeat = 1 << 16;

    private static readonly string[] Scalars = ["\"\"", "\"a\"", "\"\\ud800\"", "null", "true", "false", "[]", "{}", "[1]", "{\"a\":1}", "-1", "0", "0.5", "1e999", "-0", "\"[\"", "\"(\"", "\"\\n\""];

    private static readonly long[] Extremes = [0, 1, -1, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue];

    /// <summary>A changed file.</summary>
    /// <param name="seed">The file.</param>
    /// <param name="other">A file to take pieces from.</param>
    public byte[] Mutate(byte[] seed, byte[] other)
    {
        List<byte> bytes = [.. seed];
        // most files with one change or two, so that many are read far enough to reach what comes later
        for (var changes = random.Next(2) == 0 ? 1 : 1 << random.Next(5); changes > 0; changes--) Change(bytes, other);
        return [.. bytes.Take(LargestFile)];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        var at = random.Next(bytes.Count + 1);
        var left = bytes.Count - at;
        switch (random.Next(12))
        {
            case 0 when left > 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when left > 0: bytes[at] = (byte)random.Next(256); break;
            case 2 when left > 0: bytes.RemoveRange(at, Math.Min(left, 1 + random.Next(random.Next(2) == 0 ? 4 : 400))); break;
            case 3 when left > 0: Repeat(bytes, at, Math.Min(left, 1 + random.Next(random.Next(2) == 0 ? 3 : 200))); break;
            case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(words[random.Next(words.Count)])); break;
            case 5: Overwrite(bytes, at); break;
            case 6 when other.Length > 0: Splice(bytes, at, other); break;
            case 7 when left > 0 && random.Next(20) == 0: bytes.RemoveRange(at, left); break;
            case 8: OverwriteWord(bytes, at); break;
            default: ReplaceToken(bytes, at); break;
        }
    }

    // a name, number or text with its quotes, so that what is around it stays sound
    private void ReplaceToken(List<byte> bytes, int at)
    {
        var (start, end) = (at, at);
        while (start > 0 && !IsBetween(bytes[start - 1])) start--;
        while (end < bytes.Count && !IsBetween(bytes[end])) end++;
        bytes.RemoveRange(start, end - start);
        var word = random.Next(3) switch
        {
            0 => words[random.Next(words.Count)],
            1 => Extremes[random.Next(Extremes.Length)].ToString(CultureInfo.InvariantCulture),
            _ => Scalars[random.Next(Scalars.Length)],
        };
        bytes.InsertRange(start, Encoding.UTF8.GetBytes(word));
    }

    private static bool IsBetween(byte value) => value is (byte)',' or (byte)':' or (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)'\n' or (byte)'\t' or (byte)' ' or (byte)';';

    private void Repeat(List<byte> bytes, int at, int length)
    {
        var times = Math.Min(1 << random.Next(random.Next(4) == 0 ? 17 : 4), LargestRepeat / length);
        bytes.InsertRange(at, Enumerable.Repeat(bytes.GetRange(at, length), times).SelectMany(piece => piece).ToArray());
    }

    private void Overwrite(List<byte> bytes, int at)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, Extremes[random.Next(Extremes.Length)] + random.Next(-1, 2));
        var width = Math.Min(1 << random.Next(4), bytes.Count - at);
        for (var index = 0; index < width; index++) bytes[at + index] = number[index];
    }

    private void OverwriteWord(List<byte> bytes, int at)
    {
        foreach (var value in Encoding.UTF8.GetBytes(words[random.Next(words.Count)]))
            if (at < bytes.Count) bytes[at++] = value;
    }

    private void Splice(List<byte> bytes, int at, byte[] other)
    {
        var from = random.Next(other.Length);
        bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, 1 + random.Next(500))).ToArray());
    }
}
