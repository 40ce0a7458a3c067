using Spindle.Models.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>What is added to the scores of an attention so that some of them do not count.</summary>
internal static class AttentionMask
{
    private const double Never = -1e9f;

    /// <summary>0 for a token, a very low number for padding, <c>[batch, 1, 1, sequence]</c>; null where nothing is padded.</summary>
    /// <param name="mask">1 for a token, 0 for padding, <c>[batch, sequence]</c>.</param>
    public static Tensor? Padding(Tensor mask)
    {
        using var noGrad = no_grad();
        if (mask.min().ToInt64() == 1) return null;
        return mask.to(ScalarType.Float32).Plus(-1.0).unsqueeze(1).unsqueeze(1).Times(-Never);
    }

    /// <summary>0 for a position and those before it, a very low number for those after it, <c>[1, 1, length, length]</c>.</summary>
    public static Tensor Causal(long length, Device device)
    {
        using var noGrad = no_grad();
        return KeptScalars.Full([length, length], Never, device).triu(1).unsqueeze(0).unsqueeze(0);
    }
}
