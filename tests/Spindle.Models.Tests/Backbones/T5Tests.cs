using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>What T5's configurations leave open, the checkpoint decides as the reference does.</summary>
public class T5Tests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_separate_head_is_used_whatever_the_configuration_says(bool tied)
    {
        using var tiny = new ChangedCheckpoint("t5-v1_1-tiny", configuration => configuration["tie_word_embeddings"] = tied,
            tensors => tensors["lm_head.weight"] = tensors["shared.weight"] * 2);
        using var own = (ISequenceToSequence)BackboneCatalogue.Load(tiny.Folder, new());
        using var shared = (ISequenceToSequence)new TinyBackbone("t5-v1_1-tiny").Load();
        using var scope = NewDisposeScope();
        var hidden = ones(1, 1, own.HiddenSize);
        Assert.Equal(TinyBackbone.Numbers(shared.LanguageLogits(hidden) * 2), TinyBackbone.Numbers(own.LanguageLogits(hidden)));
        Assert.Equal(shared.Shape.Parameters + own.VocabularySize * own.HiddenSize, own.Shape.Parameters);
        Assert.Single(own.Weights, weight => weight.Name == "lm_head.weight");
    }

    [Fact]
    public void A_head_that_is_a_copy_is_tied()
    {
        using var tiny = new ChangedCheckpoint("t5-tiny", _ => { }, tensors =>
        {
            tensors["lm_head.weight"] = tensors["shared.weight"];
            tensors["encoder.embed_tokens.weight"] = tensors["shared.weight"];
        });
        using var twice = BackboneCatalogue.Load(tiny.Folder, new());
        using var once = new TinyBackbone("t5-tiny").Load();
        Assert.Equal(once.Shape.Parameters, twice.Shape.Parameters);
        Assert.Equal(once.Weights.Select(weight => weight.Name), twice.Weights.Select(weight => weight.Name));
    }

    [Fact]
    public void A_table_that_is_stored_under_another_of_its_names_is_found()
    {
        using var tiny = new ChangedCheckpoint("t5-tiny", _ => { }, tensors =>
        {
            tensors["encoder.embed_tokens.weight"] = tensors["shared.weight"];
            tensors.Remove("shared.weight");
        });
        using var other = BackboneCatalogue.Load(tiny.Folder, new());
        using var once = new TinyBackbone("t5-tiny").Load();
        Assert.Equal(once.Weights.Select(weight => weight.Name), other.Weights.Select(weight => weight.Name));
        Assert.Equal(new TinyBackbone("t5-tiny").States(once), new TinyBackbone("t5-tiny").States(other));
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"tie_word_embeddings": true}""", true)]
    [InlineData("""{"tie_word_embeddings": false}""", false)]
    [InlineData("""{"tie_word_embeddings": true, "scale_decoder_outputs": false}""", false)]
    public void Outputs_are_scaled_where_the_reference_scales_them(string keys, bool scaled)
    {
        using var tiny = new ChangedCheckpoint("t5-tiny", configuration =>
        {
            foreach (var key in (string[])["tie_word_embeddings", "scale_decoder_outputs"]) configuration.Remove(key);
            foreach (var (key, value) in System.Text.Json.Nodes.JsonNode.Parse(keys)!.AsObject()) configuration[key] = value!.DeepClone();
        }, tensors => tensors["lm_head.weight"] = tensors["shared.weight"]);
        using var backbone = (ISequenceToSequence)BackboneCatalogue.Load(tiny.Folder, new());
        using var scope = NewDisposeScope();
        var hidden = ones(1, 1, backbone.HiddenSize);
        var plain = hidden.matmul(backbone.Weights.Single(weight => weight.Name == "shared.weight").Frozen.t());
        var ratio = (backbone.LanguageLogits(hidden) / plain).mean().ToDouble();
        Assert.Equal(scaled ? 1 / Math.Sqrt(backbone.HiddenSize) : 1, ratio, 5);
    }

    [Fact]
    public void BitFit_adds_a_bias_of_zero_to_every_linear_map_and_none_to_a_norm()
    {
        using var backbone = new TinyBackbone("t5-v1_1-tiny").Load();
        using var random = new InitialValues(0);
        using var attachment = StrategyRegistry.Default.Find("bitfit").Attach(new(backbone.Layers[0], "it", 1, random));
        using var buffer = new ParameterBuffer(attachment.Parameters, CPU);
        Assert.All(TinyBackbone.Numbers(buffer.Values), value => Assert.Equal(0, value));
        Assert.Equal(backbone.Layers[0].Blocks.Sum(block => block.Linears.Count), attachment.Parameters.Count);
        Assert.All(backbone.Layers[0].Blocks.SelectMany(block => block.Linears), linear => Assert.NotNull(linear.AddedBiases.Single()));
    }
}
