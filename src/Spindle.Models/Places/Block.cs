using Spindle.Designs.Shapes;

namespace Spindle.Models.Places;

/// <summary>The named places of one transformer block: everything that a strategy may change.</summary>
/// <param name="Stack">The stack that the block is in: <c>encoder</c> or <c>decoder</c>.</param>
/// <param name="HiddenSize">The size of the residual stream.</param>
/// <param name="Attentions">The attentions: self, then cross where there is one.</param>
/// <param name="FeedForward">The linear maps of the feed-forward part: in, gate where there is one, out.</param>
/// <param name="Norms">The normalisations, in order of use.</param>
/// <param name="AfterAttentions">The place after each attention.</param>
/// <param name="AfterFeedForward">The place after the feed-forward part.</param>
public sealed record Block(
    string Stack,
    int HiddenSize,
    IReadOnlyList<TunableAttention> Attentions,
    IReadOnlyList<TunableLinear> FeedForward,
    IReadOnlyList<TunableNorm> Norms,
    IReadOnlyList<Sublayer> AfterAttentions,
    Sublayer AfterFeedForward)
{
    /// <summary>Every linear map: query, key, value, output of each attention, then the feed-forward part.</summary>
    public IReadOnlyList<TunableLinear> Linears { get; } =
    [
        .. Attentions.SelectMany(attention => (TunableLinear[])[attention.Query, attention.Key, attention.Value, attention.Output]),
        .. FeedForward,
    ];

    /// <summary>The pooler after the block, or null.</summary>
    public TunableLinear? Pooler { get; init; }

    /// <summary>The normalisations before and after the stack that belong to this block: of the embeddings in the first one, after the stack in the last one.</summary>
    public IReadOnlyList<TunableNorm> OuterNorms { get; init; } = [];

    /// <summary>Every linear map of the block, and the pooler.</summary>
    public IEnumerable<TunableLinear> LinearsAndPooler => Pooler is null ? Linears : Linears.Append(Pooler);

    /// <summary>The normalisations at some places.</summary>
    /// <param name="places">The places.</param>
    public IEnumerable<TunableNorm> NormsAt(IReadOnlyList<NormPlace> places) =>
        Norms.Where((_, index) => places.Contains(BlockShape.PlaceOfNorm(index, Norms.Count))).Concat(places.Contains(NormPlace.Outside) ? OuterNorms : []);

    /// <summary>Whether the block's own computation, without pooler and outer normalisations, has trained parameters.</summary>
    public bool IsTuned => Attentions.Any(attention => attention.HasPrefixes)
        || Linears.Any(linear => linear.IsTuned)
        || Norms.Any(norm => norm.IsTuned)
        || AfterAttentions.Append(AfterFeedForward).Any(place => place.Insertions.Count > 0);

    /// <summary>Whether everything attached to the block computes each position by itself, and what is put before keys and values is the same for every row.</summary>
    public bool IsPositionWise => Input.Prompts.Count == 0 && Attentions.All(attention => attention.HasEqualPrefixes) && ComputesPositionsAlone;

    /// <summary>Whether a position of the output can be computed alone: besides the attention's keys and values, nothing reads other positions of the input.</summary>
    public bool ComputesPositionsAlone => Attentions.All(attention => attention.Prefixes.All(prefix => !prefix.ReadsStates))
        && Linears.All(linear => linear.Inputs.All(change => change.IsPositionWise) && linear.Deltas.All(delta => delta.IsPositionWise))
        && AfterAttentions.Append(AfterFeedForward).All(place => place.Insertions.All(insertion => insertion.IsPositionWise));

    /// <summary>The place before the block.</summary>
    public TunableInput Input { get; } = new();

    /// <summary>The block's shape, for the budget.</summary>
    public BlockShape Shape => new(
        Stack,
        HiddenSize,
        [.. Attentions.Select(attention => attention.Shape)],
        [.. Linears.Select(linear => linear.Shape)],
        [.. Norms.Select(norm => norm.Shape)])
    {
        Pooler = Pooler?.Shape,
        OuterNorms = [.. OuterNorms.Select(norm => norm.Shape)],
    };
}

/// <summary>One layer of a design: a block, or an encoder block and a decoder block that are tuned together.</summary>
/// <param name="Blocks">The blocks.</param>
public sealed record Layer(IReadOnlyList<Block> Blocks)
{
    /// <summary>The layers of an encoder-decoder.</summary>
    /// <param name="encoder">The encoder's blocks, in order of depth.</param>
    /// <param name="decoder">The decoder's blocks, in order of depth.</param>
    /// <param name="numbering">How they are numbered; stacks of unequal depth are always numbered one after the other.</param>
    public static IReadOnlyList<Layer> Number(IReadOnlyList<Block> encoder, IReadOnlyList<Block> decoder, LayerNumbering numbering) =>
        numbering == LayerNumbering.Paired && encoder.Count == decoder.Count
            ? [.. encoder.Zip(decoder, (first, second) => new Layer([first, second]))]
            : [.. encoder.Concat(decoder).Select(block => new Layer([block]))];

    /// <summary>The linear maps at some places, block by block.</summary>
    /// <param name="places">The places.</param>
    public IEnumerable<TunableLinear> LinearsAt(IReadOnlyList<LinearPlace> places) =>
        Blocks.SelectMany(block => block.LinearsAndPooler).Where(linear => places.Contains(linear.Place));

    /// <summary>The layer's shape, for the budget.</summary>
    public LayerShape Shape => new([.. Blocks.Select(block => block.Shape)]);
}
