using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Attention masks: what is added to attention scores so that some positions are ignored.</summary>
public static class AttentionMask
{
    /// <summary>Added to the score of an ignored position.</summary>
    public const double Never = -1e9f;

    /// <summary>0 for a position and those before it, a very low number for those after it, <c>[1, 1, length, length]</c>.</summary>
    public static Tensor Causal(long length, Device device) => Causal(0, length, length, device);

    /// <summary>0 for a query's position and those before it, a very low number for those after it, <c>[1, 1, queries, keys]</c>.</summary>
    /// <param name="first">The first query's position among the keys.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="keys">The number of keys.</param>
    /// <param name="device">The device of the mask.</param>
    public static Tensor Causal(long first, long queries, long keys, Device device)
    {
        using var noGrad = no_grad();
        return TensorArithmetic.Full([queries, keys], Never, device).triu(first + 1).unsqueeze(0).unsqueeze(0);
    }
}
