using System.IO.Compression;
using Spindle.Models.Checkpoints;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Checkpoints;

/// <summary>PyTorch's archives: what transformers wrote, and what an attacker might.</summary>
public sealed class PytorchFileTests : IDisposable
{
    private static readonly byte[] Sixteen = new byte[16 * sizeof(float)];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-pytorch-");

    private string Archive => Path.Combine(folder.FullName, "pytorch_model.bin");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Archives_of_the_reference_hold_what_its_safetensors_hold()
    {
        var compared = 0;
        foreach (var model in Directory.GetDirectories(SharedFiles.Fixture("models")).Where(model => File.Exists(Path.Combine(model, "pytorch_model.bin"))))
        {
            using var scope = NewDisposeScope();
            using var archive = PytorchFile.Open(Path.Combine(model, "pytorch_model.bin"));
            using var plain = SafetensorsFile.Open(Path.Combine(model, "model.safetensors"));
            foreach (var (name, entry) in plain.Tensors)
            {
                Assert.Equal(entry.Shape, archive.Tensors[name].Shape);
                Assert.Equal(entry.Type, archive.Tensors[name].Type);
                Assert.Equal(plain.Read(name).bytes.ToArray(), archive.Read(name).bytes.ToArray());
                compared++;
            }
            // tied weights stand in the archive under every name, over the same bytes
            Assert.All(archive.Tensors.Where(tensor => !plain.Tensors.ContainsKey(tensor.Key)),
                tied => Assert.Contains(archive.Tensors, other => other.Key != tied.Key && other.Value.Start == tied.Value.Start));
        }
        Assert.SkipWhen(compared == 0, "no fixture has a pytorch_model.bin");
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Int64)]
    public void Every_type_is_read_and_converted(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = (arange(24, dtype: ScalarType.Float32) - 7).reshape(2, 3, 4).to(type);
        using var file = PytorchFile.Open(new TorchArchive().Tensor("a", values).Write(Archive));
        Assert.True(file.Read("a").equal(values).all().ToBoolean() && file.Read("a").dtype == type);
        foreach (var wanted in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16])
            Assert.Equal(values.to(wanted).bytes.ToArray(), file.Read("a", wanted).bytes.ToArray());
    }

    [Fact]
    public void Views_are_read_by_their_strides_and_offsets()
    {
        Gen.Select(Gen.Int[1, 5].Array[1, 4], Gen.Int[0, 1000], Gen.Int[0, 6]).Sample(
            (sizes, seed, offset) =>
            {
                using var scope = NewDisposeScope();
                var random = new Random(seed);
                // a permutation of a contiguous tensor's dimensions, with a gap now and then
                var strides = new long[sizes.Length];
                var next = 1L;
                foreach (var dimension in Enumerable.Range(0, sizes.Length).OrderBy(_ => random.Next()))
                {
                    strides[dimension] = next;
                    next = next * sizes[dimension] + random.Next(2);
                }
                long[] shape = [.. sizes.Select(size => (long)size)];
                var storage = rand([offset + next]);
                var path = new TorchArchive().Tensor("a", "FloatStorage", storage.bytes.ToArray(), offset + next, offset, shape, strides).Write(Archive);
                using var file = PytorchFile.Open(path);
                var expected = storage.as_strided(shape, strides, offset);
                Assert.Equal(expected.contiguous().bytes.ToArray(), file.Read("a").bytes.ToArray());
                Assert.Equal(expected.to(ScalarType.BFloat16).contiguous().bytes.ToArray(), file.Read("a", ScalarType.BFloat16).bytes.ToArray());
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public void Empty_tensors_and_scalars_are_read()
    {
        using var scope = NewDisposeScope();
        var path = new TorchArchive()
            .Tensor("empty", "FloatStorage", [], 0, 0, [0, 3], [3, 1])
            .Tensor("scalar", "FloatStorage", BitConverter.GetBytes(2.5f), 1, 0, [], [])
            .Write(Archive);
        using var file = PytorchFile.Open(path);
        Assert.Equal([0, 3], file.Read("empty").shape);
        Assert.Equal(2.5f, file.Read("scalar").item<float>());
    }

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch.jit", "load")]
    [InlineData("torch._utils", "_rebuild_parameter")]
    [InlineData("torch", "FloatStorage2")]
    public void Any_other_global_is_refused_by_its_name(string module, string name)
    {
        var called = new TorchArchive().Text("a").Global(module, name).Text($"touch {folder.FullName}/pwned").Raw(0x85, (byte)'R');
        Refused(called, $"{module}.{name}");
        var stacked = new TorchArchive().Text("a").Text(module).Text(name).Raw(0x93).Text("x").Raw(0x85, (byte)'R');
        Refused(stacked, $"{module}.{name}");
        Assert.False(File.Exists(Path.Combine(folder.FullName, "pwned")));
    }

    [Theory]
    [InlineData('i')]
    [InlineData('o')]
    [InlineData((char)0x81)]
    [InlineData((char)0x92)]
    [InlineData((char)0x82)]
    [InlineData((char)0x97)]
    [InlineData('P')]
    public void Instructions_that_make_objects_are_refused(char instruction) =>
        Refused(new TorchArchive().Text("a").Raw((byte)'(').Raw((byte)instruction), "instruction");

    [Fact]
    public void A_global_whose_name_breaks_a_line_is_refused_in_one_line() =>
        Refused(new TorchArchive().Raw([(byte)'c', .. "os\rx\nsystem\n"u8]), "control characters");

    [Fact]
    public void Allowed_globals_are_not_called_with_whatever_comes()
    {
        Refused(new TorchArchive().Text("a").Global("torch", "FloatStorage").Number(1L << 40).Raw(0x85, (byte)'R'), "torch.FloatStorage");
        Refused(new TorchArchive().Text("a").Global("torch._utils", "_rebuild_tensor_v2").Number(1).Raw(0x85, (byte)'R'), "_rebuild_tensor_v2");
        Refused(new TorchArchive().Text("a").Global("collections", "OrderedDict").Number(1).Raw(0x85, (byte)'R'), "OrderedDict");
        Refused(new TorchArchive().Text("a").Raw((byte)']').Raw((byte)'}', (byte)'b'), "not a dictionary");
    }

    [Theory]
    [InlineData(17, 0, new long[] { 16 }, new long[] { 1 })] // more than the entry holds
    [InlineData(-1, 0, new long[] { 16 }, new long[] { 1 })]
    [InlineData(long.MaxValue, 0, new long[] { 16 }, new long[] { 1 })]
    [InlineData(16, 1, new long[] { 16 }, new long[] { 1 })]
    [InlineData(16, -1, new long[] { 4 }, new long[] { 1 })]
    [InlineData(16, long.MaxValue, new long[] { 4 }, new long[] { 1 })]
    [InlineData(16, 0, new long[] { 17 }, new long[] { 1 })]
    [InlineData(16, 0, new long[] { -4 }, new long[] { 1 })]
    [InlineData(16, 0, new long[] { 4, 4 }, new long[] { 5, 1 })]
    [InlineData(16, 0, new long[] { 4, 4 }, new long[] { -4, 1 })]
    [InlineData(16, 0, new long[] { 1L << 40 }, new long[] { 0 })] // much of little
    [InlineData(16, 0, new long[] { 1L << 32, 1L << 32 }, new long[] { 0, 0 })]
    [InlineData(16, 0, new long[] { 0, long.MaxValue, long.MaxValue }, new long[] { 1, 1, 1 })]
    [InlineData(16, 0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue })]
    [InlineData(16, 0, new long[] { 4, 4 }, new long[] { 1 })]
    public void Tensors_outside_their_storage_are_refused(long claimed, long offset, long[] shape, long[] strides) =>
        Refused(new TorchArchive().Tensor("a", "FloatStorage", Sixteen, claimed, offset, shape, strides), "");

    [Fact]
    public void More_dimensions_than_torch_has_are_refused()
    {
        var ones = Enumerable.Repeat(1L, 65).ToArray();
        Refused(new TorchArchive().Tensor("a", "FloatStorage", Sixteen, 16, 0, ones, ones), "65 dimensions");
    }

    [Fact]
    public void Tensors_that_share_bytes_without_end_are_refused()
    {
        var archive = new TorchArchive();
        archive.Text("a0").Global("torch._utils", "_rebuild_tensor_v2").Raw((byte)'(').Storage("FloatStorage", new byte[1 << 20], 1 << 18)
            .Number(0).Numbers(1 << 18).Numbers(1).Raw(0x89, (byte)'}', (byte)'t', (byte)'R').Raw((byte)'q', 7);
        for (var index = 1; index < 100; index++) archive.Text($"a{index}").Raw((byte)'h', 7);
        Refused(archive, "come to");
    }

    [Fact]
    public void Compressed_entries_are_refused_so_nothing_grows() =>
        Refused(new TorchArchive { Compression = CompressionLevel.Optimal }.Tensor("a", "FloatStorage", new byte[1 << 20], 1 << 18, 0, [1 << 18], [1]), "compressed");

    [Fact]
    public void Missing_storages_other_byte_orders_and_second_pickles_are_refused()
    {
        Refused(new TorchArchive().Tensor("a", "FloatStorage", Sixteen, 16, 0, [16], [1], key: "../../etc/passwd"), "is missing");
        Refused(new TorchArchive { ByteOrder = "big" }.Tensor("a", "FloatStorage", Sixteen, 16, 0, [16], [1]), "little-endian");
        Refused(new TorchArchive { Further = { ("other/data.pkl", [(byte)'.']) } }.Tensor("a", "FloatStorage", Sixteen, 16, 0, [16], [1]), "data.pkl");
        Refused(new TorchArchive { Further = { ("archive/data/0", [1]) } }.Tensor("a", "FloatStorage", Sixteen, 16, 0, [16], [1]), "twice");
        Refused(new TorchArchive { Further = { ("archive/x\ny", [1]) } }.Tensor("a", "FloatStorage", Sixteen, 16, 0, [16], [1]), "control characters");
    }

    [Fact]
    public void Names_that_break_a_line_values_that_are_no_tensors_and_names_twice_are_refused()
    {
        Refused(new TorchArchive().Tensor("a\nb", "FloatStorage", Sixteen, 16, 0, [16], [1]), "control characters");
        Refused(new TorchArchive().Text("epoch").Number(3), "'epoch' is not a tensor");
        Refused(new TorchArchive().Number(3).Number(3), "not a text");
        Refused(new TorchArchive().Tensor("a", "FloatStorage", Sixteen, 16, 0, [16], [1]).Tensor("a", "FloatStorage", Sixteen, 16, 0, [16], [1]), "twice");
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")]
    public void What_is_not_an_archive_is_refused(string text)
    {
        File.WriteAllText(Archive, text);
        Assert.Contains(Archive, Assert.Throws<InvalidDataException>(() => PytorchFile.Open(Archive)).Message);
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains(Archive, Assert.Throws<FileNotFoundException>(() => PytorchFile.Open(Archive)).Message);

    [Fact]
    public void Damaged_bytes_are_read_or_refused_in_one_line_and_never_cost_more_than_the_file()
    {
        new TorchArchive().Tensor("a", "FloatStorage", Sixteen, 16, 0, [4, 4], [4, 1]).Tensor("b", "HalfStorage", Sixteen, 32, 0, [32], [1]).Write(Archive);
        var sound = File.ReadAllBytes(Archive);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, 20]).Sample(
            (at, value, cut) =>
            {
                var bytes = (byte[])sound.Clone();
                bytes[at] = value;
                File.WriteAllBytes(Archive, cut == 0 ? bytes[..at] : bytes);
                try
                {
                    using var scope = NewDisposeScope();
                    using var file = PytorchFile.Open(Archive);
                    foreach (var name in file.Tensors.Keys) Assert.InRange(file.Read(name).numel(), 0, bytes.Length);
                }
                catch (InvalidDataException error)
                {
                    Assert.DoesNotContain('\n', error.Message);
                    Assert.StartsWith(Archive, error.Message);
                }
            },
            iter: 4000, threads: 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4000L * 1_000_000);
    }

    [Theory]
    [InlineData(")R")]
    [InlineData("Na")]
    [InlineData("K\u0001R")]
    public void Instructions_without_the_objects_that_they_need_are_refused(string instructions)
    {
        foreach (var start in (string[])["N", "NN", ")"])
            Refused(new TorchArchive().Raw([.. (start + instructions).Select(character => (byte)character)]), "its pickle is damaged");
    }

    [Theory]
    [InlineData("]")]
    [InlineData("}")]
    [InlineData("K\u0001")]
    [InlineData("(")]
    [InlineData("]0")]
    [InlineData("\u0094")]
    public void A_pickle_that_makes_an_object_of_every_byte_is_refused_within_its_memory(string instructions)
    {
        var bytes = Enumerable.Repeat(instructions, 8_000_000 / instructions.Length).SelectMany(text => text).Select(character => (byte)character).ToArray();
        var path = new TorchArchive().Raw([(byte)'N', .. bytes]).Write(Archive);
        Allocation.IsBoundedAndRefused(path, () => PytorchFile.Open(path), "its pickle ");
    }

    private void Refused(TorchArchive archive, string named)
    {
        var error = Assert.Throws<InvalidDataException>(() => PytorchFile.Open(archive.Write(Archive)));
        Assert.StartsWith(Archive, error.Message);
        Assert.Contains(named, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain('\r', error.Message);
    }
}
