namespace Spindle.Designs.Shapes;

/// <summary>What a budget needs to know about a backbone: its size, and the sizes of its parts layer by layer.</summary>
/// <param name="Name">The backbone's name, for messages.</param>
/// <param name="Parameters">The number of the backbone's parameters, without a task head.</param>
/// <param name="Layers">The layers that a design groups and tunes, in order of depth.</param>
public sealed record BackboneShape(string Name, long Parameters, IReadOnlyList<LayerShape> Layers)
{
    /// <summary>A backbone whose encoder block i and decoder block i are one layer; without a decoder, each encoder block is one.</summary>
    /// <param name="name">The backbone's name, for messages.</param>
    /// <param name="parameters">The number of the backbone's parameters, without a task head.</param>
    /// <param name="encoder">The encoder's blocks, in order of depth.</param>
    /// <param name="decoder">The decoder's blocks, in order of depth: as many as the encoder's, or none.</param>
    /// <exception cref="ArgumentException">The stacks are not equally deep.</exception>
    public static BackboneShape Paired(string name, long parameters, IReadOnlyList<BlockShape> encoder, IReadOnlyList<BlockShape> decoder)
    {
        if (decoder.Count == 0) return Sequential(name, parameters, encoder, decoder);
        if (encoder.Count != decoder.Count)
            throw new ArgumentException($"{name} has {encoder.Count} encoder and {decoder.Count} decoder blocks, which cannot be paired; number its layers sequentially", nameof(decoder));
        return new(name, parameters, [.. encoder.Zip(decoder, (first, second) => new LayerShape([first, second]))]);
    }

    /// <summary>A backbone whose blocks are each one layer, the encoder's first, then the decoder's.</summary>
    /// <param name="name">The backbone's name, for messages.</param>
    /// <param name="parameters">The number of the backbone's parameters, without a task head.</param>
    /// <param name="encoder">The encoder's blocks, in order of depth; can be empty.</param>
    /// <param name="decoder">The decoder's blocks, in order of depth; can be empty.</param>
    public static BackboneShape Sequential(string name, long parameters, IReadOnlyList<BlockShape> encoder, IReadOnlyList<BlockShape> decoder) =>
        new(name, parameters, [.. encoder.Concat(decoder).Select(block => new LayerShape([block]))]);

    /// <inheritdoc/>
    public bool Equals(BackboneShape? other) =>
        other is not null && Name == other.Name && Parameters == other.Parameters && Sequences.Same(Layers, other.Layers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Parameters, Sequences.Hash(Layers));
}

/// <summary>One layer of a design: one block, or an encoder block and a decoder block that were paired.</summary>
/// <param name="Blocks">The blocks of this layer, which are tuned alike.</param>
public sealed record LayerShape(IReadOnlyList<BlockShape> Blocks)
{
    /// <inheritdoc/>
    public bool Equals(LayerShape? other) => other is not null && Sequences.Same(Blocks, other.Blocks);

    /// <inheritdoc/>
    public override int GetHashCode() => Sequences.Hash(Blocks);
}

/// <summary>The shape of one transformer block.</summary>
/// <param name="Stack">The stack that the block is in: <c>encoder</c> or <c>decoder</c>.</param>
/// <param name="HiddenSize">The size of the residual stream.</param>
/// <param name="Attentions">The block's attentions: self, then cross if there is one.</param>
/// <param name="Linears">Every linear map of the block.</param>
/// <param name="Norms">Every normalisation of the block.</param>
public sealed record BlockShape(
    string Stack,
    int HiddenSize,
    IReadOnlyList<AttentionShape> Attentions,
    IReadOnlyList<LinearShape> Linears,
    IReadOnlyList<NormShape> Norms)
{
    private readonly LinearShape? pooler;
    private readonly IReadOnlyList<LinearShape>? withPooler;

    /// <summary>The pooler after the block, or null.</summary>
    public LinearShape? Pooler
    {
        get => pooler;
        init => (pooler, withPooler) = (value, value is null ? null : [.. Linears, value]);
    }

    /// <summary>Every linear map of the block, and the pooler.</summary>
    public IReadOnlyList<LinearShape> LinearsAndPooler => withPooler ?? Linears;

    /// <summary>The normalisations before and after the stack that belong to this block.</summary>
    public IReadOnlyList<NormShape> OuterNorms { get; init; } = [];

    /// <summary>The linear maps at some places.</summary>
    /// <param name="places">The places.</param>
    public IEnumerable<LinearShape> LinearsAt(IReadOnlyList<LinearPlace> places) =>
        LinearsAndPooler.Where(linear => places.Contains(linear.Place));

    /// <summary>The normalisations at some places.</summary>
    /// <param name="places">The places.</param>
    public IEnumerable<NormShape> NormsAt(IReadOnlyList<NormPlace> places) =>
        Norms.Where((_, index) => places.Contains(PlaceOfNorm(index, Norms.Count))).Concat(places.Contains(NormPlace.Outside) ? OuterNorms : []);

    /// <summary>The place of one of a block's own normalisations.</summary>
    /// <param name="index">Its index in the order of use.</param>
    /// <param name="count">Their number.</param>
    public static NormPlace PlaceOfNorm(int index, int count) => index == count - 1 ? NormPlace.FeedForward : index == 0 ? NormPlace.Attention : NormPlace.CrossAttention;

    /// <inheritdoc/>
    public bool Equals(BlockShape? other) =>
        other is not null && Stack == other.Stack && HiddenSize == other.HiddenSize && Sequences.Same(Attentions, other.Attentions)
        && Sequences.Same(Linears, other.Linears) && Sequences.Same(Norms, other.Norms) && Pooler == other.Pooler && Sequences.Same(OuterNorms, other.OuterNorms);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Stack, HiddenSize, Sequences.Hash(Attentions), Sequences.Hash(Linears), Sequences.Hash(Norms));
}

/// <summary>The shape of one attention.</summary>
/// <param name="Cross">Whether it attends over the encoder's output.</param>
/// <param name="InnerSize">Heads times head size: the width of its keys and of its values.</param>
public sealed record AttentionShape(bool Cross, int InnerSize);

/// <summary>The shape of one linear map.</summary>
/// <param name="Place">The place in the block.</param>
/// <param name="InputSize">The number of inputs.</param>
/// <param name="OutputSize">The number of outputs.</param>
/// <param name="HasBias">Whether it has a bias in the backbone.</param>
public sealed record LinearShape(LinearPlace Place, int InputSize, int OutputSize, bool HasBias);

/// <summary>The shape of one normalisation.</summary>
/// <param name="Size">The number of its weights.</param>
/// <param name="HasBias">Whether it has as many biases as weights (LayerNorm) or none (T5's root-mean-square norm).</param>
public sealed record NormShape(int Size, bool HasBias);
