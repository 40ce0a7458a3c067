using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>RoBERTa's numbers of positions: padding has the padding token's id, and tokens count up from the id after it.</summary>
public static class PaddedPositions
{
    /// <summary>The rows of the position table that tokens, and the prompts before them, read.</summary>
    /// <param name="ids">The tokens, <c>[batch, tokens]</c>.</param>
    /// <param name="padding">The id of the padding token.</param>
    /// <param name="before">The number of positions that prefixes take.</param>
    /// <param name="length">The number of prompts and tokens.</param>
    /// <returns><c>[batch, length]</c>, int64.</returns>
    public static Tensor Compute(Tensor ids, int padding, int before, long length)
    {
        var real = nn.functional.pad(ids.EqualTo(padding).logical_not().to(ScalarType.Int64), [length - ids.shape[1], 0], value: 1);
        return (real.cumsum(1).Plus((long)before) * real).Plus((long)padding);
    }
}
