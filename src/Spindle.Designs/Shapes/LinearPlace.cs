namespace Spindle.Designs.Shapes;

/// <summary>The places of linear maps in a transformer block and after the last one, the same in every backbone.</summary>
public enum LinearPlace
{
    /// <summary>The query of the self-attention.</summary>
    AttentionQuery,

    /// <summary>The key of the self-attention.</summary>
    AttentionKey,

    /// <summary>The value of the self-attention.</summary>
    AttentionValue,

    /// <summary>The output of the self-attention.</summary>
    AttentionOutput,

    /// <summary>The query of the cross-attention.</summary>
    CrossAttentionQuery,

    /// <summary>The key of the cross-attention.</summary>
    CrossAttentionKey,

    /// <summary>The value of the cross-attention.</summary>
    CrossAttentionValue,

    /// <summary>The output of the cross-attention.</summary>
    CrossAttentionOutput,

    /// <summary>The first linear map of the feed-forward part.</summary>
    FeedForwardIn,

    /// <summary>The gate of a gated feed-forward part (T5 1.1).</summary>
    FeedForwardGate,

    /// <summary>The last linear map of the feed-forward part.</summary>
    FeedForwardOut,

    /// <summary>The pooler of a BERT, which only a joint head reads. It belongs to the last layer, and is changed only where an option names it.</summary>
    Pooler,
}
