using System.Security.Cryptography;
using System.Text.Json;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Checkpoints;

/// <summary>One set of weights in every form in which a folder may hold it.</summary>
public sealed class CheckpointFormTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-forms-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Every_form_gives_the_same_weights()
    {
        File.Copy(Path.Combine(TinyBert.Folder, "config.json"), At("config.json"));
        using var scope = NewDisposeScope();
        using var whole = TinyBert.Load();
        var tensors = Tensors();
        var parts = tensors.Chunk(tensors.Length / 3 + 1).ToArray();

        foreach (var (index, part) in parts.Index()) RawSafetensors.Write(At($"model-0000{index + 1}-of-00003.safetensors"), part);
        WriteIndex("model.safetensors.index.json", parts, "model-0000{0}-of-00003.safetensors");
        HasWeightsOf(whole);
        Clear();

        var archive = new TorchArchive();
        foreach (var (name, value) in tensors) archive.Tensor(name, value);
        archive.Write(At("pytorch_model.bin"));
        HasWeightsOf(whole);
        Clear();

        foreach (var (index, part) in parts.Index())
        {
            var shard = new TorchArchive();
            foreach (var (name, value) in part) shard.Tensor(name, value);
            shard.Write(At($"pytorch_model-0000{index + 1}-of-00003.bin"));
        }
        WriteIndex("pytorch_model.bin.index.json", parts, "pytorch_model-0000{0}-of-00003.bin");
        HasWeightsOf(whole);
        Clear();

        // the converter of TensorFlow's first releases
        RawSafetensors.Write(At("model.safetensors"), tensors.Select(tensor =>
            (tensor.Name.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal), tensor.Value)));
        HasWeightsOf(whole);
    }

    [Theory]
    [InlineData(ScalarType.Float16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64, ScalarType.Float32)]
    public void Precision_is_converted_the_same_in_one_piece_and_in_many(ScalarType stored, ScalarType wanted)
    {
        using var scope = NewDisposeScope();
        var values = (rand([2, (1 << 20) + 3], dtype: ScalarType.Float32) * 10).to(stored); // more than one piece
        RawSafetensors.Write(At("model.safetensors"), [("before", ones(5)), ("w", values)]);
        using var checkpoint = Checkpoint.Open(folder.FullName, "bert.");
        using var slot = checkpoint.Take("w", wanted, CPU, values.shape);
        Assert.Equal(wanted, slot.Frozen.dtype);
        Assert.True(slot.Frozen.equal(values.to(wanted)).all().ToBoolean());
        checkpoint.Finish(name => name == "before");
    }

    [Theory]
    [InlineData("", "layer.weight")]
    [InlineData("", "model.layer.weight")]
    [InlineData("model.", "layer.weight")]
    [InlineData("model.", "model.layer.weight")]
    public void A_weight_is_found_by_either_name(string stored, string asked)
    {
        RawSafetensors.Write(At("model.safetensors"), [($"{stored}layer.weight", ones(2)), ("head.bias", zeros(1)), ("head.more", zeros(1))]);
        using var checkpoint = Checkpoint.Open(folder.FullName, "model.");
        Assert.True(checkpoint.Has(asked));
        Assert.False(checkpoint.Has("ayer.weight"));
        using var slot = checkpoint.Take(asked, ScalarType.Float32, CPU, 2);
        Assert.Equal([1f, 1f], TinyBert.Numbers(slot.Frozen));
        using var buffer = checkpoint.Buffer("head.bias", CPU, 1);
        Assert.NotNull(buffer);
        Assert.Contains("head.more is surplus", Assert.Throws<InvalidDataException>(() => checkpoint.Finish(_ => false)).Message);
    }

    [Fact]
    public void What_is_missing_is_named_as_a_checkpoint_like_this_would_name_it()
    {
        RawSafetensors.Write(At("model.safetensors"), [("model.layer.weight", ones(2)), ("layer.weight", zeros(2))]);
        using var checkpoint = Checkpoint.Open(folder.FullName, "model.");
        using var slot = checkpoint.Take("layer.weight", ScalarType.Float32, CPU, 2);
        checkpoint.Take("layer.bias", ScalarType.Float32, CPU, 2).Dispose();
        checkpoint.Take("model.other.bias", ScalarType.Float32, CPU, 2).Dispose();
        Assert.Equal([1f, 1f], TinyBert.Numbers(slot.Frozen));
        var message = Assert.Throws<InvalidDataException>(() => checkpoint.Finish(_ => false)).Message;
        Assert.EndsWith(": model.layer.bias is missing; model.other.bias is missing; layer.weight is surplus", message);
    }

    [Fact]
    public void A_head_is_ignored_by_its_name_without_the_prefix()
    {
        RawSafetensors.Write(At("model.safetensors"), [("model.head.weight", ones(2))]);
        using var checkpoint = Checkpoint.Open(folder.FullName, "model.");
        checkpoint.Finish(name => name == "head.weight");
    }

    [Fact]
    public void The_fingerprint_is_the_hash_of_the_files_in_order_of_their_names()
    {
        RawSafetensors.Write(At("b.safetensors"), [("b", ones(3))]);
        RawSafetensors.Write(At("a.safetensors"), [("a", zeros(700, 900))]);
        File.WriteAllText(At("model.safetensors.index.json"), """{"weight_map": {"b": "b.safetensors", "a": "a.safetensors"}}""");
        using (var checkpoint = Checkpoint.Open(folder.FullName, ""))
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. File.ReadAllBytes(At("a.safetensors")), .. File.ReadAllBytes(At("b.safetensors"))])), checkpoint.Fingerprint);

        using var bert = TinyBert.Load();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(TinyBert.Folder, "model.safetensors")))), bert.Fingerprint);
    }

    [Fact]
    public void Safetensors_go_before_archives_and_one_file_before_several()
    {
        new TorchArchive().Tensor("archive", ones(1)).Write(At("pytorch_model.bin"));
        Assert.True(Opened().ContainsKey("archive"));
        RawSafetensors.Write(At("part.safetensors"), [("part", ones(1))]);
        File.WriteAllText(At("model.safetensors.index.json"), """{"weight_map": {"part": "part.safetensors"}}""");
        Assert.True(Opened().ContainsKey("part"));
        RawSafetensors.Write(At("model.safetensors"), [("one", ones(1))]);
        Assert.True(Opened().ContainsKey("one"));
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd.safetensors")]
    [InlineData("sub/part.safetensors")]
    [InlineData("..\\\\part.safetensors")]
    [InlineData("C:part.safetensors")]
    [InlineData(".safetensors")]
    [InlineData("..safetensors")]
    [InlineData("")]
    [InlineData("part.bin")]
    [InlineData("part.safetensors\\u0000")]
    [InlineData("part\\n.safetensors")]
    public void Names_that_leave_the_folder_are_refused(string name)
    {
        RawSafetensors.Write(Path.Combine(folder.CreateSubdirectory("sub").FullName, "part.safetensors"), [("a", ones(1))]);
        File.WriteAllText(At("model.safetensors.index.json"), $$$"""{"weight_map": {"a": "{{{name}}}"}}""");
        var message = Assert.Throws<InvalidDataException>(Opened).Message;
        Assert.Contains("plain name", message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("", ":1:1: is not valid JSON")]
    [InlineData("{", "is not valid JSON")]
    [InlineData("[]", "weight_map")]
    [InlineData("{}", "weight_map")]
    [InlineData("""{"weight_map": []}""", "weight_map")]
    [InlineData("""{"weight_map": {"a": 1}}""", "weight_map")]
    [InlineData("""{"weight_map": {}}""", "names 0 files")]
    [InlineData("""{"weight_map": {"a": null}}""", "plain name")]
    public void Damaged_indices_are_refused(string text, string named)
    {
        File.WriteAllText(At("model.safetensors.index.json"), text);
        var message = Assert.Throws<InvalidDataException>(Opened).Message;
        Assert.StartsWith(At("model.safetensors.index.json"), message);
        Assert.Contains(named, message);
    }

    [Fact]
    public void An_index_is_held_to_its_files()
    {
        RawSafetensors.Write(At("x.safetensors"), [("a", ones(1)), ("b", ones(1))]);
        RawSafetensors.Write(At("y.safetensors"), [("b", ones(1)), ("c", ones(1))]);
        File.WriteAllText(At("model.safetensors.index.json"), """{"weight_map": {"a": "x.safetensors", "b": "y.safetensors", "d": "y.safetensors"}}""");
        var message = Assert.Throws<InvalidDataException>(Opened).Message;
        Assert.Contains("b is in more than one file; d is not in y.safetensors", message);

        File.WriteAllText(At("model.safetensors.index.json"), """{"weight_map": {"a": "x.safetensors", "b": "z.safetensors", "d": "w.safetensors"}}""");
        Assert.Contains("w.safetensors; z.safetensors", Assert.Throws<FileNotFoundException>(Opened).Message);
    }

    private string At(string name) => Path.Combine(folder.FullName, name);

    private IReadOnlyDictionary<string, TensorEntry> Opened()
    {
        using var file = WeightFiles.Open(folder.FullName);
        return file.Tensors;
    }

    private void HasWeightsOf(IBackbone whole)
    {
        using var loaded = BackboneCatalogue.Load(folder.FullName, new());
        Assert.Equal(TinyBert.FrozenBytes(whole), TinyBert.FrozenBytes(loaded));
    }

    private void Clear()
    {
        foreach (var file in folder.GetFiles().Where(file => file.Name != "config.json")) file.Delete();
    }

    private void WriteIndex(string name, (string Name, Tensor Value)[][] parts, string pattern) => File.WriteAllText(At(name), JsonSerializer.Serialize(new
    {
        metadata = new { total_size = 1 },
        weight_map = parts.Index().SelectMany(part => part.Item.Select(tensor => (tensor.Name, File: string.Format(pattern, part.Index + 1))))
            .ToDictionary(tensor => tensor.Name, tensor => tensor.File),
    }));

    private static (string Name, Tensor Value)[] Tensors()
    {
        using var source = SafetensorsFile.Open(Path.Combine(TinyBert.Folder, "model.safetensors"));
        return [.. source.Tensors.Keys.Select(name => (name, source.Read(name)))];
    }
}
