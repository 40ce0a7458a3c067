using System.Buffers.Binary;
using Spindle.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Checkpoints;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-writer-");

    private string Target => Path.Combine(folder.FullName, "tensors.safetensors");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        (string Name, Tensor Value)[] tensors =
        [
            ("matrix", randn(3, 5)), ("scalar", tensor(1.5f)), ("none", zeros(0, 4)), ("transposed", randn(4, 6).t()), ("a part", randn(10).narrow(0, 3, 4)),
            ("special", tensor(new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon })), ("名 \"\\", randn(2)),
        ];
        SafetensorsWriter.Write(Target, tensors, new Dictionary<string, string> { ["format"] = "pt", ["ключ\n"] = "\"значение\"" });
        using var file = SafetensorsFile.Open(Target);
        Assert.Equal(tensors.Select(tensor => tensor.Name).Order(), file.Tensors.Keys.Order());
        foreach (var (name, value) in tensors)
        {
            Assert.Equal(ScalarType.Float32, file.Tensors[name].Type);
            Assert.Equal(value.shape, file.Tensors[name].Shape);
            Assert.Equal(value.contiguous().bytes.ToArray(), file.Read(name).bytes.ToArray());
        }
        Assert.Equal(2, file.Metadata.Count);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal("\"значение\"", file.Metadata["ключ\n"]);
    }

    [Fact]
    public void Any_shapes_are_read_back() =>
        Gen.Int[0, 5].Array[0, 4].Array[0, 6].Sample(shapes =>
        {
            using var scope = NewDisposeScope();
            (string, Tensor)[] tensors = [.. shapes.Select((shape, index) => ($"t{index}", randn([.. shape.Select(size => (long)size)])))];
            SafetensorsWriter.Write(Target, tensors, new Dictionary<string, string>());
            using var file = SafetensorsFile.Open(Target);
            Assert.Equal(tensors.Length, file.Tensors.Count);
            foreach (var (name, value) in tensors) Assert.True(file.Read(name).equal(value).all().ToBoolean());
        }, iter: 100, threads: 1);

    [Fact]
    public void The_data_begin_at_a_multiple_of_eight_bytes_and_end_with_the_file()
    {
        using var scope = NewDisposeScope();
        for (var length = 1; length <= 9; length++)
        {
            SafetensorsWriter.Write(Target, [(new string('n', length), ones(3))], new Dictionary<string, string>());
            var bytes = File.ReadAllBytes(Target);
            var header = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            Assert.Equal(0, header % 8);
            Assert.Equal(8 + header + 12, bytes.Length);
        }
    }

    [Fact]
    public void Other_types_are_written_as_float32_and_the_tensors_stay_as_they_are()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { 1.5, -2 });
        SafetensorsWriter.Write(Target, [("f64", values), ("bf16", values.to(ScalarType.BFloat16))], new Dictionary<string, string>());
        using var file = SafetensorsFile.Open(Target);
        Assert.Equal([1.5f, -2f], TinyBert.Numbers(file.Read("f64")));
        Assert.Equal([1.5f, -2f], TinyBert.Numbers(file.Read("bf16")));
        Assert.Equal(ScalarType.Float64, values.dtype);
    }

    [Fact]
    public void A_file_is_replaced_whole_and_nothing_is_left_beside_it()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(Target, [("old", ones(1000))], new Dictionary<string, string>());
        SafetensorsWriter.Write(Target, [("new", ones(2))], new Dictionary<string, string>());
        using (var file = SafetensorsFile.Open(Target)) Assert.Equal(["new"], file.Tensors.Keys);
        Assert.Equal([Target], Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_beside_it()
    {
        AtomicFile.WriteText(Target, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("no space");
        }));
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void A_missing_folder_is_made()
    {
        var path = Path.Combine(folder.FullName, "a", "b", "c.txt");
        AtomicFile.WriteText(path, "текст");
        Assert.Equal("текст", File.ReadAllText(path));
    }
}
