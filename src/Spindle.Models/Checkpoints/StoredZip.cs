using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Spindle.Models.Checkpoints;

/// <summary>The directory of a zip archive (with its 64-bit extension) whose entries are stored as they are, which is how PyTorch writes them. Compressed
/// and encrypted entries are refused, so nothing can be larger than the file it lies in.</summary>
internal static class StoredZip
{
    private const int LargestDirectory = 1 << 26;

    /// <summary>Where each entry's bytes lie in the file.</summary>
    /// <exception cref="FormatException">The file is not such an archive; the message says why.</exception>
    public static IReadOnlyDictionary<string, (long Start, long Length)> Read(SafeFileHandle file)
    {
        var fileLength = RandomAccess.GetLength(file);
        var (count, start, length) = FindDirectory(file, fileLength);
        if (start < 0 || length is < 0 or > LargestDirectory || start > fileLength - length) throw new FormatException("its directory lies outside the file");
        var directory = Bytes(file, start, (int)length);
        var entries = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        var rest = directory.AsSpan();
        for (var index = 0L; index < count; index++)
        {
            if (rest.Length < 46 || Word(rest, 0) != 0x02014b50) throw new FormatException("its directory is damaged");
            var (flags, method) = (Half(rest, 8), Half(rest, 10));
            var (nameLength, extraLength, commentLength) = (Half(rest, 28), Half(rest, 30), Half(rest, 32));
            if (rest.Length < 46 + nameLength + extraLength + commentLength) throw new FormatException("its directory is damaged");
            var name = Encoding.UTF8.GetString(rest.Slice(46, nameLength));
            if (!TensorName.IsSound(name)) throw new FormatException("an entry's name is too long or has control characters");
            var (size, packed, local) = Extended(rest.Slice(46 + nameLength, extraLength), Word(rest, 24), Word(rest, 20), Word(rest, 42));
            if (method != 0) throw new FormatException($"its entry '{name}' is compressed, which PyTorch never writes");
            if ((flags & 1) != 0) throw new FormatException($"its entry '{name}' is encrypted");
            if (size < 0 || size != packed || local < 0 || local > start - 30) throw new FormatException($"its entry '{name}' lies outside the file");
            var header = Bytes(file, local, 30);
            var data = local + 30 + Half(header, 26) + Half(header, 28);
            if (Word(header, 0) != 0x04034b50 || size > start - data) throw new FormatException($"its entry '{name}' lies outside the file");
            if (!entries.TryAdd(name, (data, size))) throw new FormatException($"its entry '{name}' is there twice");
            rest = rest[(46 + nameLength + extraLength + commentLength)..];
        }
        return entries;
    }

    // the end record is the last thing but a comment of at most 64 KiB
    private static (long Count, long Start, long Length) FindDirectory(SafeFileHandle file, long fileLength)
    {
        var tail = Bytes(file, Math.Max(0, fileLength - 22 - ushort.MaxValue), (int)Math.Min(fileLength, 22 + ushort.MaxValue));
        for (var at = tail.Length - 22; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (Word(end, 0) != 0x06054b50 || Half(end, 20) != end.Length - 22) continue;
            var (count, length, start) = ((long)Half(end, 10), (long)Word(end, 12), (long)Word(end, 16));
            if (count != ushort.MaxValue && length != uint.MaxValue && start != uint.MaxValue) return (count, start, length);
            if (at < 20 || Word(tail.AsSpan(at - 20), 0) != 0x07064b50) return (count, start, length);
            var record = Long(tail.AsSpan(at - 20), 8);
            if (record < 0 || record > fileLength - 56) throw new FormatException("its directory lies outside the file");
            var large = Bytes(file, record, 56);
            if (Word(large, 0) != 0x06064b50) throw new FormatException("its directory is damaged");
            return (Long(large, 32), Long(large, 48), Long(large, 40));
        }
        throw new FormatException("it is not a zip archive, or its end is missing");
    }

    // 64-bit values stand in an extra field, each only where the 32-bit one is full
    private static (long Size, long Packed, long Local) Extended(ReadOnlySpan<byte> extra, uint size, uint packed, uint local)
    {
        var values = (Size: (long)size, Packed: (long)packed, Local: (long)local);
        for (; extra.Length >= 4; extra = extra[(4 + Half(extra, 2))..])
        {
            if (4 + Half(extra, 2) > extra.Length) throw new FormatException("its directory is damaged");
            if (Half(extra, 0) != 1) continue;
            var field = extra.Slice(4, Half(extra, 2));
            if (size == uint.MaxValue) values.Size = Next(ref field);
            if (packed == uint.MaxValue) values.Packed = Next(ref field);
            if (local == uint.MaxValue) values.Local = Next(ref field);
        }
        return values;
    }

    private static long Next(ref ReadOnlySpan<byte> field)
    {
        if (field.Length < 8) throw new FormatException("its directory is damaged");
        var value = Long(field, 0);
        field = field[8..];
        return value;
    }

    private static byte[] Bytes(SafeFileHandle file, long start, int length)
    {
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), start + done);
            if (read == 0) throw new FormatException("it ends too early");
            done += read;
        }
        return bytes;
    }

    private static ushort Half(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
