using System.Security.Cryptography;
using Spindle.Designs.Shapes;
using Spindle.Models.Checkpoints;
using Spindle.Models.Places;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Spindle.Models.Backbones;

/// <summary>BERT (Devlin et al. 2019): a post-norm encoder with learned positions and segments, as HF transformers' <c>BertModel</c> computes it.</summary>
public sealed class Bert : IBackbone
{
    private readonly double hiddenDropout;
    private readonly double attentionDropout;
    private readonly Func<Tensor, Tensor> activation;
    private readonly WeightSlot words;
    private readonly WeightSlot positions;
    private readonly WeightSlot segments;
    private readonly TunableNorm embeddingNorm;
    private readonly TunableLinear? pooler;
    private readonly List<WeightSlot> weights = [];

    private Bert(string folder, BackboneConfiguration configuration, Checkpoint checkpoint, BackboneOptions options)
    {
        HiddenSize = configuration.Size("hidden_size");
        MaximumLength = configuration.Size("max_position_embeddings");
        var (hidden, heads) = (HiddenSize, configuration.Size("num_attention_heads"));
        if (hidden % heads != 0) throw configuration.Unsupported("num_attention_heads", $"{heads}", $"a divisor of hidden_size {hidden}");
        if (configuration.Text("position_embedding_type", "absolute") is var kind && kind != "absolute")
            throw configuration.Unsupported("position_embedding_type", kind, "absolute");
        var inner = configuration.Size("intermediate_size");
        var epsilon = configuration.Number("layer_norm_eps", 1e-12);
        hiddenDropout = options.Dropout ?? configuration.Probability("hidden_dropout_prob", 0.1);
        attentionDropout = options.Dropout ?? configuration.Probability("attention_probs_dropout_prob", 0.1);
        HeadDropout = options.Dropout ?? configuration.Probability("classifier_dropout", hiddenDropout);
        activation = Activations.Find(configuration, "hidden_act");
        Device = options.Device;

        words = Take("embeddings.word_embeddings.weight", ScalarType.Float32, configuration.Size("vocab_size", 1 << 24), hidden);
        positions = Take("embeddings.position_embeddings.weight", ScalarType.Float32, MaximumLength, hidden);
        segments = Take("embeddings.token_type_embeddings.weight", ScalarType.Float32, configuration.Size("type_vocab_size"), hidden);
        embeddingNorm = Norm("embeddings.LayerNorm");
        Layers = [.. Enumerable.Range(0, configuration.Size("num_hidden_layers", 1000)).Select(index => new Layer([ReadBlock($"encoder.layer.{index}")]))];
        if (checkpoint.Has("pooler.dense.weight")) pooler = Linear(LinearPlace.FeedForwardOut, "pooler.dense", hidden, hidden);
        checkpoint.Finish(ignored: name => name is "classifier.weight" or "classifier.bias"
            || name.EndsWith("position_ids", StringComparison.Ordinal) || name.StartsWith("cls.", StringComparison.Ordinal));

        Shape = new(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            weights.Sum(weight => weight.Frozen.numel()), [.. Layers.Select(layer => layer.Shape)]);
        using var file = File.OpenRead(checkpoint.Path);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(file));

        Block ReadBlock(string name)
        {
            var attention = new TunableAttention(cross: false, heads,
                Linear(LinearPlace.AttentionQuery, $"{name}.attention.self.query", hidden, hidden),
                Linear(LinearPlace.AttentionKey, $"{name}.attention.self.key", hidden, hidden),
                Linear(LinearPlace.AttentionValue, $"{name}.attention.self.value", hidden, hidden),
                Linear(LinearPlace.AttentionOutput, $"{name}.attention.output.dense", hidden, hidden));
            var attentionNorm = Norm($"{name}.attention.output.LayerNorm");
            var enter = Linear(LinearPlace.FeedForwardIn, $"{name}.intermediate.dense", hidden, inner);
            var leave = Linear(LinearPlace.FeedForwardOut, $"{name}.output.dense", inner, hidden);
            return new("encoder", hidden, [attention], [enter, leave], [attentionNorm, Norm($"{name}.output.LayerNorm")], [new()], new());
        }

        TunableLinear Linear(LinearPlace place, string name, int inputs, int outputs) => new(place,
            Take($"{name}.weight", options.FrozenType, outputs, inputs), Take($"{name}.bias", options.FrozenType, outputs));

        TunableNorm Norm(string name) =>
            new(Take($"{name}.weight", ScalarType.Float32, hidden), Take($"{name}.bias", ScalarType.Float32, hidden), epsilon);

        WeightSlot Take(string name, ScalarType type, params long[] shape)
        {
            var slot = checkpoint.Take(name, type, options.Device, shape);
            weights.Add(slot);
            return slot;
        }
    }

    /// <inheritdoc/>
    public BackboneShape Shape { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public int HiddenSize { get; }

    /// <inheritdoc/>
    public int MaximumLength { get; }

    /// <inheritdoc/>
    public double HeadDropout { get; }

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public bool Training { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<Layer> Layers { get; }

    /// <inheritdoc/>
    public IReadOnlyList<WeightSlot> Weights => weights;

    /// <summary>Loads a folder in the Hub's layout.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no weights.</exception>
    /// <exception cref="InvalidDataException">Configuration or weights are damaged, or do not fit each other.</exception>
    public static Bert Load(string folder, BackboneOptions options)
    {
        using var checkpoint = Checkpoint.Open(folder, "bert.");
        return new(folder, BackboneConfiguration.Read(folder), checkpoint, options);
    }

    /// <inheritdoc/>
    public Tensor Encode(TokenBatch batch) => States(batch).Last();

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> EncodeAll(TokenBatch batch) => [.. States(batch)];

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The checkpoint has no pooler.</exception>
    public Tensor Pool(Tensor hidden) => pooler is null
        ? throw new InvalidDataException($"{Shape.Name}: the checkpoint has no pooler, which a joint head needs; use 'head: sentence-encoder'")
        : pooler.Forward(hidden.select(1, 0)).to(ScalarType.Float32).tanh();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in weights) weight.Dispose();
    }

    private IEnumerable<Tensor> States(TokenBatch batch)
    {
        var hidden = Embed(batch);
        yield return hidden;
        var bias = MaskBias(batch.Mask);
        foreach (var layer in Layers)
        {
            hidden = Run(layer.Blocks[0], hidden, bias);
            yield return hidden;
        }
    }

    // [batch, sequence] → [batch, sequence, hidden]
    private Tensor Embed(TokenBatch batch)
    {
        var length = batch.Ids.shape[1];
        if (length > MaximumLength) throw new ArgumentException($"{length} tokens, where {Shape.Name} reads at most {MaximumLength}", nameof(batch));
        var segment = batch.TypeIds is null ? segments.Current[0] : Look(segments, batch.TypeIds);
        var sum = Look(words, batch.Ids) + positions.Current.narrow(0, 0, length) + segment;
        return functional.dropout(embeddingNorm.Forward(sum), hiddenDropout, Training);
    }

    // [vocabulary, hidden] at [batch, sequence] → [batch, sequence, hidden]
    private static Tensor Look(WeightSlot table, Tensor ids) => table.Current.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], -1);

    private Tensor Run(Block block, Tensor hidden, Tensor? bias)
    {
        var mixed = block.Attentions[0].Forward(hidden, hidden, bias, Training ? attentionDropout : 0);
        hidden = block.AfterAttentions[0].JoinPostNorm(hidden, functional.dropout(mixed, hiddenDropout, Training), block.Norms[0]);

        var wide = activation(block.FeedForward[0].Forward(hidden)); // [batch, sequence, intermediate]
        var narrow = block.FeedForward[1].Forward(wide);
        return block.AfterFeedForward.JoinPostNorm(hidden, functional.dropout(narrow, hiddenDropout, Training), block.Norms[1]);
    }

    // 0 for a token, float32's lowest for padding, [batch, 1, 1, sequence]; null where nothing is padded
    private static Tensor? MaskBias(Tensor mask)
    {
        using var noGrad = no_grad();
        if (mask.min().ToInt64() == 1) return null;
        return (1 - mask.to(ScalarType.Float32)).unsqueeze(1).unsqueeze(1) * -1e9f;
    }
}
