using Spindle.Models.Backbones;
using static TorchSharp.torch;

namespace Spindle.Models.Heads;

/// <summary>A sentence's vector: the mean of its token states (Reimers and Gurevych 2019).</summary>
internal static class MeanPooling
{
    /// <summary>The vector of each sentence, <c>[batch, hidden]</c>, float32.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="batch">The sentences, <c>[batch, sequence]</c>.</param>
    public static Tensor Pool(IBackbone backbone, TokenBatch batch)
    {
        var hidden = backbone.Encode(batch).to(ScalarType.Float32);
        var mask = batch.Mask.unsqueeze(-1).to(ScalarType.Float32);
        hidden = hidden.narrow(1, hidden.shape[1] - mask.shape[1], mask.shape[1]); // without prompts
        return (hidden * mask).sum(1) / mask.sum(1);
    }

    /// <summary>The vectors of the two sentences of each pair, each <c>[batch, hidden]</c>, float32. They are read in one pass where their padding costs nothing.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="input">The pairs.</param>
    /// <exception cref="ArgumentException">The second sentences are missing.</exception>
    public static (Tensor First, Tensor Second) PoolPair(IBackbone backbone, ModelInput input)
    {
        var (first, second) = (input.First, input.Second ?? throw new ArgumentException("a pair needs its second sentence", nameof(input)));
        if (!backbone.SkipsPadding || first.TypeIds is null != second.TypeIds is null) return (Pool(backbone, first), Pool(backbone, second));
        var length = Math.Max(first.Ids.shape[1], second.Ids.shape[1]);
        var both = new TokenBatch(Stack(first.Ids, second.Ids), Stack(first.Mask, second.Mask), first.TypeIds is null ? null : Stack(first.TypeIds, second.TypeIds!));
        var vectors = Pool(backbone, both);
        return (vectors.narrow(0, 0, first.Ids.shape[0]), vectors.narrow(0, first.Ids.shape[0], second.Ids.shape[0]));

        Tensor Stack(Tensor upper, Tensor lower) => cat([Widen(upper), Widen(lower)], 0);

        // with an id that every vocabulary has; the mask hides it
        Tensor Widen(Tensor tokens) => tokens.shape[1] == length ? tokens : nn.functional.pad(tokens, [0, length - tokens.shape[1]]);
    }
}
