using Spindle.Designs.Shapes;
using Spindle.Models.Heads;
using Spindle.Models.Numerics;
using Spindle.Models.Places;
using Spindle.Models.Tuning;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Spindle.Models.Backbones;

/// <summary>MPNet (Song et al. 2020): a post-norm encoder with RoBERTa's positions, whose attention scores are shifted by the distance of query and key with one table
/// for all layers, as HF transformers' <c>MPNetModel</c> computes it.</summary>
public sealed class MPNet : IBackbone
{
    // the reference fixes these three, whatever config.json says
    private const int Padding = 1;
    private const int Buckets = 32;
    private const int MaximumDistance = 128;

    private readonly double hiddenDropout;
    private readonly double attentionDropout;
    private readonly Func<Tensor, Tensor> activation;
    private readonly RelativePositions relative = new(Buckets, MaximumDistance);
    private readonly WeightSlot words;
    private readonly WeightSlot positions;
    private readonly WeightSlot distances;
    private readonly TunableNorm embeddingNorm;

    internal MPNet(string name, BackboneConfiguration configuration, IWeightSource source, BackboneOptions options)
    {
        HiddenSize = configuration.Size("hidden_size");
        var rows = configuration.Size("max_position_embeddings");
        MaximumLength = rows - Padding - 1;
        var (hidden, heads) = (HiddenSize, configuration.Size("num_attention_heads"));
        if (hidden % heads != 0) throw configuration.Unsupported("num_attention_heads", $"{heads}", $"a divisor of hidden_size {hidden}");
        if (MaximumLength < 1) throw configuration.Unsupported("max_position_embeddings", $"{rows}", $"more than {Padding + 1}");
        var buckets = configuration.Whole("relative_attention_num_buckets", Buckets, Buckets, 1 << 20);
        var inner = configuration.Size("intermediate_size");
        var epsilon = configuration.Number("layer_norm_eps", 1e-12);
        hiddenDropout = options.Dropout ?? configuration.Probability("hidden_dropout_prob", 0.1);
        attentionDropout = options.Dropout ?? configuration.Probability("attention_probs_dropout_prob", 0.1);
        activation = Activations.Find(configuration, "hidden_act");
        Device = options.Device;

        var read = new WeightReader(source, options);
        VocabularySize = configuration.Size("vocab_size", 1 << 24);
        words = read.Table("embeddings.word_embeddings.weight", VocabularySize, hidden);
        positions = read.Table("embeddings.position_embeddings.weight", rows, hidden);
        embeddingNorm = read.LayerNorm("embeddings.LayerNorm", hidden, epsilon);
        Layers = [.. Enumerable.Range(0, configuration.Size("num_hidden_layers", 1000)).Select(index => new Layer([ReadBlock($"encoder.layer.{index}")]))];
        distances = read.Table("encoder.relative_attention_bias.weight", buckets, heads);
        source.Finish(ignored: name => name.StartsWith("classifier.", StringComparison.Ordinal) || name.StartsWith("lm_head.", StringComparison.Ordinal)
            || name.StartsWith("pooler.", StringComparison.Ordinal) || name.EndsWith("position_ids", StringComparison.Ordinal));

        Weights = read.Weights;
        Fingerprint = source.Fingerprint;
        Shape = new(name, Weights.Sum(weight => weight.Frozen.numel()), [.. Layers.Select(layer => layer.Shape)]);

        Block ReadBlock(string name)
        {
            var attention = new TunableAttention(cross: false, heads,
                read.Linear(LinearPlace.AttentionQuery, $"{name}.attention.attn.q", hidden, hidden),
                read.Linear(LinearPlace.AttentionKey, $"{name}.attention.attn.k", hidden, hidden),
                read.Linear(LinearPlace.AttentionValue, $"{name}.attention.attn.v", hidden, hidden),
                read.Linear(LinearPlace.AttentionOutput, $"{name}.attention.attn.o", hidden, hidden));
            var attentionNorm = read.LayerNorm($"{name}.attention.LayerNorm", hidden, epsilon);
            var enter = read.Linear(LinearPlace.FeedForwardIn, $"{name}.intermediate.dense", hidden, inner);
            var leave = read.Linear(LinearPlace.FeedForwardOut, $"{name}.output.dense", inner, hidden);
            return new("encoder", hidden, [attention], [enter, leave], [attentionNorm, read.LayerNorm($"{name}.output.LayerNorm", hidden, epsilon)], [new()], new());
        }
    }

    /// <inheritdoc/>
    public BackboneShape Shape { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public int HiddenSize { get; }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int MaximumLength { get; }

    /// <inheritdoc/>
    public double HeadDropout => hiddenDropout;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public bool Training { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<Layer> Layers { get; }

    /// <inheritdoc/>
    public IReadOnlyList<WeightSlot> Weights { get; }

    /// <inheritdoc/>
    public Tensor Encode(TokenBatch batch) => States(batch).Last();

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> EncodeAll(TokenBatch batch) => [.. States(batch)];

    /// <summary>The first token's state.</summary>
    /// <inheritdoc/>
    public Tensor Pool(Tensor hidden, TokenBatch batch) => hidden.select(1, 0);

    /// <inheritdoc/>
    public ISequenceHead MakeJointHead(int outputs, InitialValues random) => new DenseHead("classifier", HiddenSize, outputs, random);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in Weights) weight.Dispose();
    }

    private IEnumerable<Tensor> States(TokenBatch batch)
    {
        var hidden = Embed(batch.Ids);
        yield return hidden;
        var (padding, tokens) = (new PaddingMask(batch.Mask), batch.Ids.shape[1]);
        var biases = new Dictionary<(long Length, long Keys, long Moved), Tensor>(); // one for all layers, unless their prefixes or prompts differ
        foreach (var (index, layer) in Layers.Index())
        {
            var block = layer.Blocks[0];
            if (index > 0) hidden = block.Input.Enter(hidden, tokens);
            var (length, moved) = (hidden.shape[1], block.Attentions[0].KeysMoved);
            var keys = length + block.Attentions[0].PositionsTaken + moved;
            if (!biases.TryGetValue((length, keys, moved), out var bias)) biases.Add((length, keys, moved), bias = Bias(padding, length, keys, moved));
            hidden = Run(block, hidden, bias);
            yield return hidden;
        }
    }

    // [batch, tokens] → [batch, prompts + tokens, hidden]
    private Tensor Embed(Tensor ids)
    {
        var entered = Layers[0].Blocks[0].Input.Enter(words.Rows(ids), ids.shape[1]);
        var (length, before) = (entered.shape[1], Layers.Max(layer => layer.Blocks[0].Attentions[0].PositionsTaken));
        if (before + length > MaximumLength)
            throw new ArgumentException($"{before + length} tokens, where {Shape.Name} reads at most {MaximumLength}", nameof(ids));
        var real = functional.pad(ids.Is(Padding).logical_not().to(ScalarType.Int64), [length - ids.shape[1], 0], value: 1);
        var place = (real.cumsum(1).Plus((long)before) * real).Plus((long)Padding);
        return functional.dropout(embeddingNorm.Forward(entered.Plus(positions.Rows(place))), hiddenDropout, Training);
    }

    // [1 or batch, heads, queries, keys]
    private Tensor Bias(PaddingMask padding, long queries, long keys, long moved)
    {
        var bias = relative.Bias(distances, queries, keys, bothWays: true, moved);
        return padding.Bias(keys) is { } padded ? bias.Plus(padded) : bias;
    }

    private Tensor Run(Block block, Tensor hidden, Tensor bias)
    {
        var mixed = block.Attentions[0].Forward(hidden, hidden, bias, Training ? attentionDropout : 0);
        hidden = block.AfterAttentions[0].JoinPostNorm(hidden, functional.dropout(mixed, hiddenDropout, Training), block.Norms[0]);

        var wide = activation(block.FeedForward[0].Forward(hidden)); // [batch, sequence, intermediate]
        var narrow = block.FeedForward[1].Forward(wide);
        return block.AfterFeedForward.JoinPostNorm(hidden, functional.dropout(narrow, hiddenDropout, Training), block.Norms[1]);
    }
}
