using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Prefix;
using Spindle.Models.Tuning.Prompt;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>MPNet's distances hold for tokens, prompts and prefixes alike, and its configuration means what the reference reads in it.</summary>
public sealed class MPNetTests : IDisposable
{
    private const string Name = "mpnet-tiny";
    private const string Table = "mpnet.encoder.relative_attention_bias.weight";
    private const int Taken = 5;
    private const double Tolerance = 1e-4;

    private readonly InitialValues random = new(1);

    public void Dispose() => random.Dispose();

    [Fact]
    public void Keys_and_values_before_the_tokens_count_as_those_of_tokens_in_their_place()
    {
        using var backbone = new TinyBackbone(Name).Load();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (whole, rest) = (Row(), Rest());
        var states = backbone.EncodeAll(whole);
        using var prefixes = Prefixes(backbone, PrefixPositions.Before);
        foreach (var (index, layer) in backbone.Layers.Index())
        {
            var attention = layer.Blocks[0].Attentions[0];
            prefixes.Set($"{index}.encoder.self.key", attention.Key.Forward(states[index])[0].narrow(0, 0, Taken));
            prefixes.Set($"{index}.encoder.self.value", attention.Value.Forward(states[index])[0].narrow(0, 0, Taken));
        }
        AssertNear(OfRest(states[^1]), backbone.Encode(rest));
    }

    [Fact]
    public void Prompts_count_as_tokens_in_their_place()
    {
        using var backbone = new TinyBackbone(Name).Load();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (whole, rest) = (Row(), Rest());
        var states = backbone.EncodeAll(whole);
        var words = backbone.Weights.Single(weight => weight.Name == "embeddings.word_embeddings.weight").Rows(whole.Ids);
        using var prompts = new Attached([.. ((int[])[0, 2]).Select(layer => new PromptStrategy().Attach(SiteOf(backbone, layer)))]);
        prompts.Set("0.encoder.vectors", words[0].narrow(0, 0, Taken));
        prompts.Set("2.encoder.vectors", states[2][0].narrow(0, 0, Taken));
        AssertNear(states[^1], backbone.Encode(rest));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(PrefixPositions.Before, false)]
    [InlineData(PrefixPositions.Aligned, false)]
    [InlineData(PrefixPositions.None, true)]
    public void What_is_added_to_every_distance_shows_only_beside_keys_that_have_none(PrefixPositions? positions, bool shows)
    {
        using var shifted = new ChangedCheckpoint(Name, _ => { }, tensors => tensors[Table] += 1);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var difference = (States(new TinyBackbone(Name).Folder) - States(shifted.Folder)).abs().max().ToDouble();
        Assert.Equal(shows, difference > Tolerance);

        Tensor States(string folder)
        {
            using var backbone = BackboneCatalogue.Load(folder, new());
            using var prefixes = positions is { } where ? Prefixes(backbone, where) : null;
            foreach (var parameter in prefixes?.Parameters ?? []) parameter.Value.fill_(0.1);
            return backbone.Encode(new TinyBackbone(Name).Batch());
        }
    }

    [Fact]
    public void Prefixes_and_prompts_of_another_length_in_every_layer_leave_padding_without_effect()
    {
        using var backbone = new TinyBackbone(Name).Load();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        PrefixPositions[] positions = [PrefixPositions.None, PrefixPositions.Before, PrefixPositions.Aligned];
        using var attached = new Attached(
        [
            .. backbone.Layers.Select((_, index) => new PrefixStrategy(new() { Positions = positions[index % 3] }).Attach(SiteOf(backbone, index, size: 1 + (index % 4)))),
            .. backbone.Layers.Select((_, index) => new PromptStrategy().Attach(SiteOf(backbone, index, size: 4 - (index % 3)))),
        ]);
        var row = Row();
        var padded = new TokenBatch(nn.functional.pad(row.Ids, [0, 3], value: 1), nn.functional.pad(row.Mask, [0, 3]), null);
        var expected = backbone.Encode(row);
        AssertNear(expected, backbone.Encode(padded).narrow(1, 0, expected.shape[1]));
    }

    [Fact]
    public void A_longer_table_is_read_in_its_first_rows_as_the_reference_reads_it()
    {
        using var longer = new ChangedCheckpoint(Name, configuration => configuration["relative_attention_num_buckets"] = 40,
            tensors => tensors[Table] = cat([tensors[Table], ones(8, tensors[Table].shape[1])], 0));
        using var backbone = BackboneCatalogue.Load(longer.Folder, new());
        using var plain = new TinyBackbone(Name).Load();
        Assert.Equal(new TinyBackbone(Name).States(plain), new TinyBackbone(Name).States(backbone));
    }

    [Theory]
    [InlineData("relative_attention_num_buckets", 16, "'relative_attention_num_buckets' must be a whole number from 32 to 1048576")]
    [InlineData("max_position_embeddings", 2, "'max_position_embeddings: 2' is not supported; supported: more than 2")]
    [InlineData("num_attention_heads", 5, "'num_attention_heads: 5' is not supported; supported: a divisor of hidden_size ")]
    [InlineData("hidden_act", "mish", "'hidden_act: mish' is not supported; supported: gelu, gelu_new, relu, silu, swish")]
    public void A_configuration_that_the_reference_does_not_run_is_refused_in_one_line(string key, object value, string message)
    {
        using var changed = new ChangedCheckpoint(Name, configuration => configuration[key] = value is int number ? number : (string)value);
        var error = Assert.Throws<InvalidDataException>(() => BackboneCatalogue.Outline(changed.Folder, new()));
        Assert.StartsWith($"{Path.Combine(changed.Folder, "config.json")}: {message}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_head_drops_as_much_as_the_hidden_states()
    {
        using var changed = new ChangedCheckpoint(Name, configuration => (configuration["hidden_dropout_prob"], configuration["classifier_dropout"]) = (0.25, 0.5));
        using var backbone = BackboneCatalogue.Outline(changed.Folder, new());
        Assert.Equal(0.25, backbone.HeadDropout);
        using var without = BackboneCatalogue.Outline(changed.Folder, new() { Dropout = 0 });
        Assert.Equal(0, without.HeadDropout);
    }

    [Fact]
    public void A_sequence_longer_than_the_table_of_positions_is_refused()
    {
        using var backbone = new TinyBackbone(Name).Load();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Assert.Equal(backbone.MaximumLength, backbone.Encode(Of(backbone.MaximumLength)).shape[1]);
        Assert.Throws<ArgumentException>(() => backbone.Encode(Of(backbone.MaximumLength + 1)));

        static TokenBatch Of(int length) => new(full([1, length], 5, ScalarType.Int64), ones([1, length], ScalarType.Int64), null);
    }

    private Attached Prefixes(IBackbone backbone, PrefixPositions positions) =>
        new([.. backbone.Layers.Select((_, index) => new PrefixStrategy(new() { Positions = positions }).Attach(SiteOf(backbone, index)))]);

    private TuningSite SiteOf(IBackbone backbone, int layer, int size = Taken) => new(backbone.Layers[layer], $"{layer}", size, random);

    // the fixture's longest row, without its padding
    private static TokenBatch Row()
    {
        var batch = new TinyBackbone(Name).Batch();
        var lengths = batch.Mask.sum(1);
        var row = lengths.argmax().ToInt64();
        var length = lengths[row].ToInt64();
        Assert.True(length > Taken + 1, "the fixture's rows are too short");
        return new(batch.Ids.narrow(0, row, 1).narrow(1, 0, length), batch.Mask.narrow(0, row, 1).narrow(1, 0, length), null);
    }

    // the same row without its first tokens
    private static TokenBatch Rest()
    {
        var row = Row();
        return new(OfRest(row.Ids), OfRest(row.Mask), null);
    }

    private static Tensor OfRest(Tensor values) => values.narrow(1, Taken, values.shape[1] - Taken);

    private static void AssertNear(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().ToDouble(), 0, Tolerance);
    }

    // attachments whose parameters lie in a buffer
    private sealed class Attached : IDisposable
    {
        private readonly IReadOnlyList<Attachment> attachments;
        private readonly ParameterBuffer buffer;

        public Attached(IReadOnlyList<Attachment> attachments)
        {
            this.attachments = attachments;
            buffer = new([.. attachments.SelectMany(attachment => attachment.Parameters)], CPU);
        }

        public IReadOnlyList<TrainedParameter> Parameters => buffer.Parameters;

        public void Set(string name, Tensor values) => buffer.Parameters.Single(parameter => parameter.Name == name).Value.copy_(values);

        public void Dispose()
        {
            foreach (var attachment in attachments) attachment.Dispose();
            buffer.Dispose();
        }
    }
}
