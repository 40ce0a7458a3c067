using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Checkpoints;

/// <summary>Writes zip archives like PyTorch's, true ones and false ones, and the pickles in them instruction by instruction.</summary>
internal sealed class TorchArchive
{
    private readonly MemoryStream pickle = new();
    private readonly List<(string Name, byte[] Bytes)> storages = [];

    public TorchArchive() => Raw(0x80, 2, (byte)'}', (byte)'(');

    /// <summary>The bytes that PyTorch would note; null for none.</summary>
    public string? ByteOrder { get; set; } = "little";

    public CompressionLevel Compression { get; set; } = CompressionLevel.NoCompression;

    /// <summary>Entries beside those that PyTorch writes.</summary>
    public List<(string Name, byte[] Bytes)> Further { get; } = [];

    public TorchArchive Raw(params byte[] bytes)
    {
        pickle.Write(bytes);
        return this;
    }

    public TorchArchive Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Raw((byte)'X').Int32(bytes.Length);
        return Raw(bytes);
    }

    public TorchArchive Global(string module, string name) => Raw([(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")]);

    public TorchArchive Number(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw([0x8a, 8, .. bytes]);
    }

    public TorchArchive Numbers(params long[] values)
    {
        Raw((byte)'(');
        foreach (var value in values) Number(value);
        return Raw((byte)'t');
    }

    /// <summary>A storage, and a reference to it that claims so many elements.</summary>
    public TorchArchive Storage(string kind, byte[] bytes, long claimed, string? key = null)
    {
        var name = $"{storages.Count}";
        storages.Add((name, bytes));
        return Raw((byte)'(').Text("storage").Global("torch", kind).Text(key ?? name).Text("cpu").Number(claimed).Raw((byte)'t', (byte)'Q');
    }

    /// <summary>A named tensor in a separate storage.</summary>
    public TorchArchive Tensor(string name, string kind, byte[] bytes, long claimed, long offset, long[] shape, long[] strides, string? key = null) =>
        Text(name).Global("torch._utils", "_rebuild_tensor_v2").Raw((byte)'(')
            .Storage(kind, bytes, claimed, key).Number(offset).Numbers(shape).Numbers(strides).Raw(0x89)
            .Global("collections", "OrderedDict").Raw((byte)')', (byte)'R').Raw((byte)'t', (byte)'R');

    public TorchArchive Tensor(string name, Tensor value)
    {
        var kind = value.dtype switch
        {
            ScalarType.Float32 => "FloatStorage",
            ScalarType.Float16 => "HalfStorage",
            ScalarType.BFloat16 => "BFloat16Storage",
            ScalarType.Float64 => "DoubleStorage",
            ScalarType.Int64 => "LongStorage",
            var type => throw new ArgumentException($"{type}"),
        };
        return Tensor(name, kind, value.bytes.ToArray(), value.numel(), 0, value.shape, value.stride());
    }

    public string Write(string path)
    {
        Raw((byte)'u', (byte)'.');
        using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        Add("archive/data.pkl", pickle.ToArray());
        if (ByteOrder is not null) Add("archive/byteorder", Encoding.ASCII.GetBytes(ByteOrder));
        foreach (var (name, bytes) in storages) Add($"archive/data/{name}", bytes);
        foreach (var (name, bytes) in Further) Add(name, bytes);
        return path;

        void Add(string name, byte[] bytes)
        {
            using var entry = zip.CreateEntry(name, Compression).Open();
            entry.Write(bytes);
        }
    }

    private TorchArchive Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }
}
