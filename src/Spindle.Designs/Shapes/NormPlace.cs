namespace Spindle.Designs.Shapes;

/// <summary>The places of normalisations, the same in every backbone.</summary>
public enum NormPlace
{
    /// <summary>That of the self-attention.</summary>
    Attention,

    /// <summary>That of the cross-attention.</summary>
    CrossAttention,

    /// <summary>That of the feed-forward part.</summary>
    FeedForward,

    /// <summary>Those outside the blocks: of the embeddings, which belong to a stack's first layer, and after a stack, which belong to its last.</summary>
    Outside,
}
