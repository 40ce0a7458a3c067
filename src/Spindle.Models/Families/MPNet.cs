using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Families;

/// <summary>MPNet, all-mpnet-base-v2 and other sentence encoders of their form.</summary>
public sealed class MPNetFamily : IBackboneFamily
{
    /// <inheritdoc/>
    public string ModelType => "mpnet";

    /// <inheritdoc/>
    public string WeightPrefix => "mpnet.";

    /// <inheritdoc/>
    public bool TakesPastKeyValues => false;

    /// <inheritdoc/>
    public ModelClass BaseClass => new("MPNetModel", "", PeftTasks.Features);

    /// <inheritdoc/>
    public ModelClass ClassifierClass(IBackbone backbone) => new("MPNetForSequenceClassification", "mpnet.", PeftTasks.Classification);

    /// <inheritdoc/>
    public string HeadOutput => "classifier.out_proj";

    /// <inheritdoc/>
    public IBackbone Build(string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options) =>
        new MPNet(this, name, configuration, source, options);
}

/// <summary>MPNet (Song et al. 2020): a post-norm encoder with RoBERTa's positions, whose attention scores are shifted by the distance of query and key from one
/// table for all layers, as HF transformers' <c>MPNetModel</c> computes it.</summary>
internal sealed class MPNet : IBackbone
{
    // the reference has these three in its code: config.json sets only the number of rows of the table, of which buckets read the first
    private const int Padding = 1, Buckets = 32, MaximumDistance = 128;

    private readonly RelativePositions relative = new(Buckets, MaximumDistance);
    private readonly WeightSlot positions;
    private readonly WeightSlot distances;
    private readonly SummedEmbeddings embeddings;
    private readonly PostNormEncoder encoder;

    public MPNet(MPNetFamily family, string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options)
    {
        var settings = EncoderSettings.Read(configuration, options, epsilon: 1e-12);
        var rows = configuration.Size("max_position_embeddings");
        MaximumLength = rows - Padding - 1;
        if (MaximumLength < 1) throw configuration.Unsupported("max_position_embeddings", $"{rows}", $"more than {Padding + 1}");
        var buckets = configuration.Whole("relative_attention_num_buckets", Buckets, Buckets, 1 << 20);
        Family = family;
        Device = options.Device;
        (HiddenSize, VocabularySize) = (settings.HiddenSize, settings.VocabularySize);
        HeadDropout = settings.HiddenDropout; // the reference's head has no separate rate

        var read = new WeightReader(source, options);
        var words = read.Table("embeddings.word_embeddings.weight", VocabularySize, HiddenSize);
        positions = read.Table("embeddings.position_embeddings.weight", rows, HiddenSize);
        var norm = read.LayerNorm("embeddings.LayerNorm", HiddenSize, settings.Epsilon);
        embeddings = new(name, words, norm, settings.HiddenDropout, MaximumLength);
        encoder = new(settings, read, new()
        {
            Query = "attention.attn.q",
            Key = "attention.attn.k",
            Value = "attention.attn.v",
            AttentionOutput = "attention.attn.o",
            AttentionNorm = "attention.LayerNorm",
        });
        encoder.Surround(norm);
        distances = read.Table("encoder.relative_attention_bias.weight", buckets, settings.Heads);
        source.Finish(ignored: name => name.StartsWith("classifier.", StringComparison.Ordinal) || name.StartsWith("lm_head.", StringComparison.Ordinal)
            || name.StartsWith("pooler.", StringComparison.Ordinal) || name.EndsWith("position_ids", StringComparison.Ordinal));

        Weights = read.Weights;
        Fingerprint = source.Fingerprint;
        Shape = new(name, Weights.Sum(weight => weight.Frozen.numel()), [.. Layers.Select(layer => layer.Shape)]);
    }

    public IBackboneFamily Family { get; }

    public BackboneShape Shape { get; }

    public string Fingerprint { get; }

    public int HiddenSize { get; }

    public int VocabularySize { get; }

    public int MaximumLength { get; }

    public double HeadDropout { get; }

    public Device Device { get; }

    public bool Training { get; set; }

    public IReadOnlyList<Layer> Layers => encoder.Layers;

    public IReadOnlyList<WeightSlot> Weights { get; }

    public Tensor Encode(TokenBatch batch) => States(batch).Last();

    public Tensor EncodePooled(TokenBatch batch) => Pool(encoder.First(Embed(batch), batch.Ids.shape[1], Biases(batch), Training), batch);

    public IReadOnlyList<Tensor> EncodeAll(TokenBatch batch) => [.. States(batch)];

    /// <summary>The first token's state.</summary>
    public Tensor Pool(Tensor hidden, TokenBatch batch) => hidden.select(1, 0);

    public ISequenceHead MakeJointHead(int outputs, InitialValues random) => new DenseHead("classifier", HiddenSize, outputs, random);

    public void Dispose()
    {
        foreach (var weight in Weights) weight.Dispose();
        relative.Dispose();
    }

    private IEnumerable<Tensor> States(TokenBatch batch) => encoder.States(Embed(batch), batch.Ids.shape[1], Biases(batch), Training);

    private Tensor Embed(TokenBatch batch) => embeddings.Embed(
        batch.Ids, encoder, (before, length) => [positions.Rows(PaddedPositions.Compute(batch.Ids, Padding, before, length))], Training);

    private Func<Block, long, Tensor?> Biases(TokenBatch batch)
    {
        var mask = new PaddingMask(batch);
        // one for all layers, unless their prompts or prefixes differ in length
        var biases = new Dictionary<(long Queries, long Keys, long Shift), Tensor>();
        return (block, length) => BiasOf(block.Attentions[0], length);

        Tensor BiasOf(TunableAttention attention, long length)
        {
            var (keys, shift) = (length + attention.PositionsTaken + attention.KeyShift, attention.KeyShift);
            if (!biases.TryGetValue((length, keys, shift), out var bias)) biases.Add((length, keys, shift), bias = Bias(mask, length, keys, shift));
            return bias;
        }
    }

    // [1 or batch, heads, queries, keys]
    private Tensor Bias(PaddingMask mask, long queries, long keys, long shift)
    {
        var bias = relative.Bias(distances, queries, keys, bothWays: true, moved: shift);
        return mask.Bias(keys) is { } padded ? bias.Plus(padded) : bias;
    }
}
