using System.Buffers.Binary;
using System.Text;

namespace Spindle.Reports.Tests.Runs;

/// <summary>Reads TensorBoard's event files with nothing but the format's description: TFRecord framing with masked CRC-32C, and protobuf by field numbers.</summary>
internal static class EventFileReader
{
    /// <summary>The records of a file, each as a message. Checksums that are wrong fail.</summary>
    public static IReadOnlyList<Message> Read(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        var records = new List<Message>();
        while (bytes.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            Assert.Equal(Masked(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            var record = bytes.Slice(12, length);
            Assert.Equal(Masked(record), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]));
            records.Add(Message.Of(record));
            bytes = bytes[(16 + length)..];
        }

        return records;
    }

    /// <summary>CRC-32C (Castagnoli), bit by bit.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }

        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc(bytes);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    /// <summary>A protobuf message: the values of each field, undecoded.</summary>
    internal sealed class Message
    {
        private readonly List<(int Field, byte[] Value)> fields = [];

        public static Message Of(ReadOnlySpan<byte> bytes)
        {
            var message = new Message();
            while (bytes.Length > 0)
            {
                var (field, wire) = Math.DivRem((int)Varint(ref bytes), 8);
                if (wire == 0) message.fields.Add((field, BitConverter.GetBytes(Varint(ref bytes))));
                else
                {
                    var length = wire switch { 1 => 8, 2 => (int)Varint(ref bytes), 5 => 4, _ => throw new InvalidDataException($"wire type {wire}") };
                    message.fields.Add((field, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                }
            }

            return message;
        }

        public bool Has(int field) => fields.Exists(pair => pair.Field == field);

        public IEnumerable<Message> Inner(int field) => fields.Where(pair => pair.Field == field).Select(pair => Of(pair.Value));

        public Message The(int field) => Assert.Single(Inner(field));

        public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

        public long Number(int field) => Has(field) ? BitConverter.ToInt64(Bytes(field)) : 0;

        public double Double(int field) => BitConverter.ToDouble(Bytes(field));

        public float Float(int field) => BitConverter.ToSingle(Bytes(field));

        private byte[] Bytes(int field) => Assert.Single(fields, pair => pair.Field == field).Value;

        private static ulong Varint(ref ReadOnlySpan<byte> bytes)
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = bytes[0];
                bytes = bytes[1..];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80) return value;
            }
        }
    }
}
