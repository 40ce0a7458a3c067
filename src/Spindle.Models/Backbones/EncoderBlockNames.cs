namespace Spindle.Models.Backbones;

/// <summary>The names of the weights of an encoder block, after the block's own name and without <c>.weight</c>. The defaults are BERT's.</summary>
public sealed record EncoderBlockNames
{
    /// <summary>The query.</summary>
    public string Query { get; init; } = "attention.self.query";

    /// <summary>The key.</summary>
    public string Key { get; init; } = "attention.self.key";

    /// <summary>The value.</summary>
    public string Value { get; init; } = "attention.self.value";

    /// <summary>The output of the attention.</summary>
    public string AttentionOutput { get; init; } = "attention.output.dense";

    /// <summary>The normalisation after the attention.</summary>
    public string AttentionNorm { get; init; } = "attention.output.LayerNorm";

    /// <summary>The first linear map of the feed-forward part.</summary>
    public string FeedForwardIn { get; init; } = "intermediate.dense";

    /// <summary>The last linear map of the feed-forward part.</summary>
    public string FeedForwardOut { get; init; } = "output.dense";

    /// <summary>The normalisation after the feed-forward part.</summary>
    public string FeedForwardNorm { get; init; } = "output.LayerNorm";
}
