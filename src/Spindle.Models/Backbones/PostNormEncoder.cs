using Spindle.Designs.Shapes;
using Spindle.Models.Kernels;
using Spindle.Models.Places;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>A stack of post-norm blocks, each a self-attention and a feed-forward part with a normalisation after each sum (Vaswani et al. 2017): the encoder
/// that BERT and its relatives share.</summary>
public sealed class PostNormEncoder
{
    private readonly EncoderSettings settings;
    private readonly BlockPasses passes;

    /// <summary>Reads the blocks <c>encoder.layer.0</c>, <c>encoder.layer.1</c> and so on.</summary>
    /// <param name="settings">The sizes and rates.</param>
    /// <param name="read">Reads the weights.</param>
    /// <param name="names">The names of a block's weights.</param>
    public PostNormEncoder(EncoderSettings settings, WeightReader read, EncoderBlockNames names)
    {
        (this.settings, passes) = (settings, new(settings.RecomputesBlocks));
        var (hidden, inner) = (settings.HiddenSize, settings.InnerSize);
        Layers = [.. Enumerable.Range(0, settings.Layers).Select(index => new Layer([ReadBlock($"encoder.layer.{index}")]))];

        Block ReadBlock(string name)
        {
            var attention = new TunableAttention(cross: false, settings.Heads,
                read.Linear(LinearPlace.AttentionQuery, $"{name}.{names.Query}", hidden, hidden),
                read.Linear(LinearPlace.AttentionKey, $"{name}.{names.Key}", hidden, hidden),
                read.Linear(LinearPlace.AttentionValue, $"{name}.{names.Value}", hidden, hidden),
                read.Linear(LinearPlace.AttentionOutput, $"{name}.{names.AttentionOutput}", hidden, hidden));
            var attentionNorm = read.LayerNorm($"{name}.{names.AttentionNorm}", hidden, settings.Epsilon);
            var enter = read.Linear(LinearPlace.FeedForwardIn, $"{name}.{names.FeedForwardIn}", hidden, inner);
            var leave = read.Linear(LinearPlace.FeedForwardOut, $"{name}.{names.FeedForwardOut}", inner, hidden);
            var norm = read.LayerNorm($"{name}.{names.FeedForwardNorm}", hidden, settings.Epsilon);
            return new("encoder", hidden, [attention], [enter, leave], [attentionNorm, norm], [new()], new());
        }
    }

    /// <summary>The layers, one block each, in order of depth.</summary>
    public IReadOnlyList<Layer> Layers { get; private set; }

    /// <summary>Gives the first block the normalisation before the stack, and the last one the pooler after it.</summary>
    /// <param name="before">The normalisation of the embeddings.</param>
    /// <param name="pooler">The pooler, or null.</param>
    public void Surround(TunableNorm before, TunableLinear? pooler = null) => Layers =
    [
        .. Layers.Select((layer, index) => new Layer([layer.Blocks[0] with
        {
            OuterNorms = index == 0 ? [before] : [],
            Pooler = index == Layers.Count - 1 ? pooler : null,
        }])),
    ];

    /// <summary>The positions that prefixes take before the tokens: as many as the longest prefix.</summary>
    public int PositionsTaken => Layers.Max(layer => layer.Blocks[0].Attentions[0].PositionsTaken);

    /// <summary>The hidden states after the embeddings and after each layer, each <c>[batch, prompts + tokens, hidden]</c>, computed one at a time.</summary>
    /// <param name="embedded">The embeddings, <c>[batch, prompts + tokens, hidden]</c>.</param>
    /// <param name="tokens">The number of tokens in a row; prompts stand before them.</param>
    /// <param name="bias">What is added to a block's attention scores at a sequence length (prompts + tokens), broadcast to
    /// <c>[batch, heads, length, length]</c>; null where nothing is masked.</param>
    /// <param name="training">Whether dropout is applied.</param>
    public IEnumerable<Tensor> States(Tensor embedded, long tokens, Func<Block, long, Tensor?> bias, bool training) =>
        Run(embedded, tokens, bias, training, null, Layers.Count).Select(states => states.Full);

    /// <summary>Whether the encoder can leave padding out. It depends on what is attached to the blocks.</summary>
    public bool SkipsPadding => Vectors.IsSupported && settings.HiddenSize / settings.Heads % Tile.ColumnStep == 0
        && Layers is [{ Blocks: [var block] }, ..] && block.Norms[0].Weight.Frozen.device_type == DeviceType.CPU && Layers.All(layer => layer.Blocks[0].IsPositionWise);

    /// <summary>The hidden states of the last layer, without computing anything for padding where that is possible.</summary>
    /// <param name="embedded">The embeddings, <c>[batch, prompts + tokens, hidden]</c>.</param>
    /// <param name="batch">The tokens.</param>
    /// <param name="training">Whether dropout is applied.</param>
    /// <returns><c>[batch, prompts + tokens, hidden]</c>; zeros at padding that was left out.</returns>
    public Tensor Last(Tensor embedded, TokenBatch batch, bool training)
    {
        if (Packed(batch) is { } packed)
            return packed.Unpack(Last(Run(packed.Pack(embedded), embedded.shape[1], (_, _) => null, training, packed, Layers.Count)).Full);
        var padding = new PaddingMask(batch);
        return Last(Run(embedded, batch.Mask.shape[1], (_, length) => padding.Bias(length), training, null, Layers.Count)).Full;
    }

    /// <summary>The hidden states of the last layer at the first position of each row, without computing the others there where that is possible.</summary>
    /// <param name="embedded">The embeddings, <c>[batch, prompts + tokens, hidden]</c>.</param>
    /// <param name="batch">The tokens.</param>
    /// <param name="training">Whether dropout is applied.</param>
    /// <returns><c>[batch, 1, hidden]</c>.</returns>
    public Tensor First(Tensor embedded, TokenBatch batch, bool training)
    {
        if (Packed(batch) is { BeginWithTokens: true } packed)
        {
            var hidden = Last(Run(packed.Pack(embedded), embedded.shape[1], (_, _) => null, training, packed, Layers.Count - 1));
            return Scoped(() => ComputeFirst(hidden, training, (read, first, drops) => Layers[^1].Blocks[0].Attentions[0].Forward(first, read, drops, packed), packed.First)).Full;
        }
        var padding = new PaddingMask(batch);
        return First(embedded, batch.Mask.shape[1], (_, length) => padding.Bias(length), training);
    }

    /// <summary>The hidden states of the last layer at the first position of each row, without computing the others there where that is possible.</summary>
    /// <param name="embedded">The embeddings, <c>[batch, prompts + tokens, hidden]</c>.</param>
    /// <param name="tokens">The number of tokens in a row; prompts stand before them.</param>
    /// <param name="bias">What is added to a block's attention scores, see <see cref="States"/>.</param>
    /// <param name="training">Whether dropout is applied.</param>
    /// <returns><c>[batch, 1, hidden]</c>.</returns>
    public Tensor First(Tensor embedded, long tokens, Func<Block, long, Tensor?> bias, bool training)
    {
        var block = Layers[^1].Blocks[0];
        if (!block.ComputesPositionsAlone) return FirstOf(Last(Run(embedded, tokens, bias, training, null, Layers.Count)).Full);
        var hidden = Last(Run(embedded, tokens, bias, training, null, Layers.Count - 1));
        if (Layers.Count > 1) hidden = Enter(block, hidden, tokens);
        var ofFirst = bias(block, hidden.Full.shape[1]) is { } whole ? (whole.shape[2] == 1 ? whole : whole.narrow(2, 0, 1)) : null;
        return Scoped(() => ComputeFirst(hidden, training, (read, first, drops) => block.Attentions[0].Attend(first, block.Attentions[0].Read(read), ofFirst, drops), FirstOf)).Full;

        static Tensor FirstOf(Tensor states) => states.narrow(1, 0, 1);
    }

    // null where padding is computed too
    private PackedRows? Packed(TokenBatch batch) => SkipsPadding ? PackedRows.Of(batch.Mask, fills: batch.Lanes == 1) : null;

    // frees the states of a layer once the next one has read them
    private static HiddenStates Last(IEnumerable<HiddenStates> layers)
    {
        HiddenStates? last = null;
        foreach (var states in layers)
        {
            last?.Full.Dispose();
            last?.Typed.Dispose();
            last = states;
        }
        return last!.Value;
    }

    private IEnumerable<HiddenStates> Run(Tensor embedded, long tokens, Func<Block, long, Tensor?> bias, bool training, PackedRows? packed, int count)
    {
        var hidden = HiddenStates.Of(embedded);
        yield return hidden;
        foreach (var (index, layer) in Layers.Take(count).Index())
        {
            var block = layer.Blocks[0];
            // prompts of the first block are embedded with the tokens
            if (index > 0) hidden = Enter(block, hidden, tokens);
            hidden = passes.Run(block, hidden, bias(block, hidden.Full.shape[1]), isKept: index == Layers.Count - 1, (read, ofBlock) => Compute(block, read, ofBlock, training, packed));
            yield return hidden;
        }
    }

    private static HiddenStates Enter(Block block, HiddenStates hidden, long tokens) =>
        block.Input.Length > 0 ? HiddenStates.Of(block.Input.Prepend(hidden.Full, tokens)) : hidden;

    // what a block leaves behind besides its result is freed with it
    private static HiddenStates Scoped(Func<HiddenStates> compute)
    {
        using var scope = NewDisposeScope();
        var states = compute();
        states.Full.MoveToOuterDisposeScope();
        if (!ReferenceEquals(states.Typed, states.Full)) states.Typed.MoveToOuterDisposeScope();
        return states;
    }

    private HiddenStates Compute(Block block, HiddenStates hidden, Tensor? bias, bool training, PackedRows? packed)
    {
        var dropout = training ? settings.HiddenDropout : 0;
        // what prefixes compute from the states is float32
        var read = block.Attentions[0].HasEqualPrefixes ? hidden.Typed : hidden.Full;
        var drops = training ? settings.AttentionDropout : 0;
        var mixed = packed is null ? block.Attentions[0].Forward(read, read, bias, drops) : block.Attentions[0].Forward(read, drops, packed);
        return Finish(block, hidden.Full, mixed, dropout);
    }

    // keys and values of all positions, and everything else of the first ones
    private HiddenStates ComputeFirst(HiddenStates hidden, bool training, Func<Tensor, Tensor, double, Tensor> attend, Func<Tensor, Tensor> first)
    {
        var block = Layers[^1].Blocks[0];
        var residual = first(hidden.Full);
        var mixed = attend(hidden.Typed, ReferenceEquals(hidden.Typed, hidden.Full) ? residual : first(hidden.Typed), training ? settings.AttentionDropout : 0);
        return Finish(block, residual, mixed, training ? settings.HiddenDropout : 0);
    }

    private HiddenStates Finish(Block block, Tensor residual, Tensor mixed, double dropout)
    {
        var hidden = block.AfterAttentions[0].JoinPostNorm(residual, mixed, block.Norms[0], dropout);
        var wide = settings.Activation(block.FeedForward[0].Forward(hidden.Typed)); // [batch, sequence, inner]
        return block.AfterFeedForward.JoinPostNorm(hidden.Full, block.FeedForward[1].Forward(wide), block.Norms[1], dropout);
    }
}
