using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>Where the numbers of an attention lie in memory.</summary>
/// <param name="Memory">The first number.</param>
/// <param name="Row">The distance of rows of the batch.</param>
/// <param name="Head">The distance of heads.</param>
/// <param name="Token">The distance of tokens; the numbers of a head are contiguous.</param>
internal readonly unsafe record struct AttentionLayout(nint Memory, long Row, long Head, long Token)
{
    /// <summary>The layout of a tensor.</summary>
    /// <param name="states"><c>[batch, heads, length, head size]</c>.</param>
    public static AttentionLayout Of(Tensor states) =>
        states.stride() is var strides ? new((nint)Kernels.Memory.Of(states), strides[0], strides[1], strides[2]) : default;

    /// <summary>The layout of scores' bias: distance 0 where it is broadcast.</summary>
    /// <param name="bias">Float32, broadcast to <c>[batch, heads, queries, keys]</c>, or null.</param>
    /// <param name="keys">The number of keys.</param>
    public static AttentionLayout OfBias(Tensor? bias, long keys)
    {
        if (bias is null) return default;
        var (shape, strides) = (bias.shape, bias.stride());
        if (shape[3] != keys) throw new ArgumentException($"a bias of {shape[3]} keys, where there are {keys}", nameof(bias));
        return new((nint)Kernels.Memory.Of(bias), shape[0] == 1 ? 0 : strides[0], shape[1] == 1 ? 0 : strides[1], shape[2] == 1 ? 0 : strides[2]);
    }

    /// <summary>The index of the first number of a token.</summary>
    public long At(int row, int head, long token = 0) => (row * Row) + (head * Head) + (token * Token);
}
