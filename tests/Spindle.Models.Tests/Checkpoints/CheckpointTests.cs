using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Checkpoints;

/// <summary>Checkpoint folders that do not fit, made from the tiny BERT.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-checkpoint-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Missing_surplus_and_misshapen_weights_are_said_in_one_error()
    {
        CopyWith(tensors =>
        {
            tensors.Remove("bert.encoder.layer.1.output.dense.bias");
            tensors.Remove("bert.embeddings.LayerNorm.weight");
            tensors["bert.encoder.layer.0.attention.self.query.weight"] = zeros(32, 31);
            tensors["bert.encoder.layer.0.attention.self.extra"] = zeros(1);
            tensors["bert.encoder.layer.17.output.dense.bias"] = zeros(32);
        });
        var error = Assert.Throws<InvalidDataException>(Load);
        Assert.DoesNotContain('\n', error.Message);
        Assert.StartsWith(Path.Combine(folder.FullName, "model.safetensors"), error.Message);
        Assert.Contains("bert.encoder.layer.1.output.dense.bias is missing", error.Message);
        Assert.Contains("bert.embeddings.LayerNorm.weight is missing", error.Message);
        Assert.Contains("bert.encoder.layer.0.attention.self.query.weight is [32, 31] where the configuration needs [32, 32]", error.Message);
        Assert.Contains("bert.encoder.layer.0.attention.self.extra is surplus", error.Message);
        Assert.Contains("bert.encoder.layer.17.output.dense.bias is surplus", error.Message);
        Assert.Equal(5, error.Message.Split("; ").Length);
    }

    [Fact]
    public void A_great_many_faults_are_counted_beyond_the_first()
    {
        CopyWith(tensors =>
        {
            for (var index = 0; index < 1500; index++) tensors[$"surplus.{index}"] = zeros(1);
        });
        var error = Assert.Throws<InvalidDataException>(Load);
        Assert.EndsWith("; and 500 more", error.Message);
    }

    [Fact]
    public void A_shape_that_would_broadcast_is_refused()
    {
        CopyWith(tensors => tensors["bert.encoder.layer.0.output.dense.bias"] = zeros(1));
        Assert.Contains("is [1] where the configuration needs [32]", Assert.Throws<InvalidDataException>(Load).Message);
    }

    [Fact]
    public void Weights_without_the_models_prefix_and_without_pooler_and_head_are_read()
    {
        CopyWith(tensors =>
        {
            foreach (var name in tensors.Keys.ToArray())
            {
                if (name.StartsWith("bert.", StringComparison.Ordinal)) tensors[name["bert.".Length..]] = tensors[name];
                tensors.Remove(name);
            }
            tensors.Remove("pooler.dense.weight");
            tensors.Remove("pooler.dense.bias");
        });
        using var whole = TinyBert.Load();
        using var bare = Load();
        Assert.Equal(TinyBert.States(whole), TinyBert.States(bare));
        Assert.Equal(whole.Shape.Parameters - 32 * 32 - 32, bare.Shape.Parameters);
        using var random = new Spindle.Models.Parameters.InitialValues(0);
        using var scope = NewDisposeScope();
        var states = bare.Encode(TinyBert.Batch());
        Assert.Contains(SentenceEncoderHead.KindName, Assert.Throws<InvalidDataException>(() => bare.Pool(states, TinyBert.Batch())).Message);
    }

    [Fact]
    public void Half_a_pooler_is_missing_the_other_half()
    {
        CopyWith(tensors => tensors.Remove("bert.pooler.dense.bias"));
        Assert.Contains("bert.pooler.dense.bias is missing", Assert.Throws<InvalidDataException>(Load).Message);
    }

    [Theory]
    [InlineData("\"hidden_size\": 32", "\"hidden_size\": 64", "where the configuration needs")]
    [InlineData("\"hidden_size\": 32", "\"hidden_size\": 33", "num_attention_heads")]
    [InlineData("\"hidden_size\": 32", "\"hidden_size\": 0", "hidden_size")]
    [InlineData("\"hidden_size\": 32", "\"hidden_size\": -32", "hidden_size")]
    [InlineData("\"hidden_size\": 32", "\"hidden_size\": 32.5", "hidden_size")]
    [InlineData("\"hidden_size\": 32", "\"hidden_size\": \"32\"", "hidden_size")]
    [InlineData("\"hidden_size\": 32", "\"hidden_size\": 99999999999999999999", "hidden_size")]
    [InlineData("\"hidden_size\": 32", "\"hidden_sighs\": 32", "hidden_size")]
    [InlineData("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 5", "is surplus")]
    [InlineData("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 7", "is missing")]
    [InlineData("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 1000000000", "num_hidden_layers")]
    [InlineData("\"vocab_size\": 512", "\"vocab_size\": 16000000", "where the configuration needs")]
    [InlineData("\"vocab_size\": 512", "\"vocab_size\": 2147483647", "vocab_size")]
    [InlineData("\"max_position_embeddings\": 64", "\"max_position_embeddings\": 1000000", "where the configuration needs")]
    [InlineData("\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "num_attention_heads")]
    [InlineData("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"tanhshrink\"", "gelu, gelu_new, relu")]
    [InlineData("\"hidden_act\": \"gelu\"", "\"hidden_act\": 7", "hidden_act")]
    [InlineData("\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": \"small\"", "layer_norm_eps")]
    [InlineData("\"layer_norm_eps\": 1e-12", "\"position_embedding_type\": \"relative_key\"", "relative_key")]
    [InlineData("\"model_type\": \"bert\"", "\"model_type\": \"bart-o\"", "bart-o")]
    [InlineData("\"model_type\": \"bert\"", "\"model_kind\": \"bert\"", "model_type")]
    [InlineData("\"model_type\": \"bert\"", "\"model_type\": [\"bert\"]", "model_type")]
    [InlineData("\"hidden_dropout_prob\": 0.1", "\"hidden_dropout_prob\": 1.5", "hidden_dropout_prob")]
    [InlineData("\"attention_probs_dropout_prob\": 0.1", "\"attention_probs_dropout_prob\": -1", "attention_probs_dropout_prob")]
    [InlineData("{", "{{", "is not valid JSON")]
    [InlineData("{", "[", "is not valid JSON")]
    public void A_configuration_that_does_not_fit_is_refused_in_one_line(string old, string replacement, string named)
    {
        CopyWith(_ => { });
        var path = Path.Combine(folder.FullName, "config.json");
        var text = File.ReadAllText(path);
        var at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{old} is not in the fixture's configuration");
        File.WriteAllText(path, text[..at] + replacement + text[(at + old.Length)..]);
        var error = Assert.Throws<InvalidDataException>(Load);
        Assert.Contains(named, error.Message);
        Assert.StartsWith(folder.FullName, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"bert\"")]
    public void A_configuration_that_is_not_an_object_is_refused(string text)
    {
        CopyWith(_ => { });
        File.WriteAllText(Path.Combine(folder.FullName, "config.json"), text);
        Assert.Contains("config.json", Assert.Throws<InvalidDataException>(Load).Message);
    }

    [Fact]
    public void A_folder_without_weights_is_a_missing_file()
    {
        CopyWith(_ => { });
        File.Delete(Path.Combine(folder.FullName, "model.safetensors"));
        Assert.Contains("model.safetensors", Assert.Throws<FileNotFoundException>(Load).Message);
    }

    [Fact]
    public void Folders_without_a_configuration_and_unknown_names_have_different_messages()
    {
        Assert.Contains("no config.json", Assert.Throws<DirectoryNotFoundException>(() => BackboneFolder.Locate(folder.FullName)).Message);
        var unknown = Assert.ThrowsAny<DirectoryNotFoundException>(() => BackboneFolder.Locate("minilm-l7"));
        Assert.Contains("'minilm-l7'", unknown.Message);
        Assert.Contains("minilm-l6", unknown.Message);
        Assert.ThrowsAny<DirectoryNotFoundException>(() => BackboneCatalogue.Load("", new()));
        CopyWith(_ => { });
        Assert.Equal(folder.FullName, BackboneFolder.Locate(folder.FullName));
    }

    [Fact]
    public void The_embedded_backbone_is_found_and_is_a_sentence_encoder()
    {
        var found = BackboneFolder.Locate("minilm-l6");
        Assert.True(File.Exists(Path.Combine(found, "model.safetensors")));
        Assert.True(HeadDefaults.IsSentenceEncoder(found));
        Assert.False(HeadDefaults.IsSentenceEncoder(TinyBert.Folder));
    }

    [Theory]
    [InlineData("{", true)]
    [InlineData("[]", true)]
    [InlineData("null", true)]
    [InlineData("{}", false)]
    [InlineData("{\"pooling_mode_mean_tokens\": 1}", false)]
    [InlineData("{\"pooling_mode_mean_tokens\": false}", false)]
    public void A_pooling_configuration_that_is_not_an_object_is_refused_and_without_a_mean_it_is_not_a_sentence_encoder(string text, bool refused)
    {
        Directory.CreateDirectory(Path.Combine(folder.FullName, "1_Pooling"));
        File.WriteAllText(Path.Combine(folder.FullName, "1_Pooling", "config.json"), text);
        if (refused) Assert.Throws<InvalidDataException>(() => HeadDefaults.IsSentenceEncoder(folder.FullName));
        else Assert.False(HeadDefaults.IsSentenceEncoder(folder.FullName));
    }

    private IBackbone Load() => BackboneCatalogue.Load(folder.FullName, new());

    private void CopyWith(Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        using var source = SafetensorsFile.Open(Path.Combine(TinyBert.Folder, "model.safetensors"));
        var tensors = source.Tensors.Keys.ToDictionary(name => name, name => source.Read(name));
        change(tensors);
        SafetensorsWriter.Write(
            Path.Combine(folder.FullName, "model.safetensors"), [.. tensors.Select(tensor => (tensor.Key, tensor.Value))], new Dictionary<string, string>());
        File.WriteAllBytes(Path.Combine(folder.FullName, "config.json"), File.ReadAllBytes(Path.Combine(TinyBert.Folder, "config.json")));
    }
}
