using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>What is added to the scores of an attention so that some of them do not count.</summary>
internal static class AttentionMask
{
    /// <summary>What is added to a score that does not count.</summary>
    public const double Never = -1e9f;

    /// <summary>0 for a position and those before it, a very low number for those after it, <c>[1, 1, length, length]</c>.</summary>
    public static Tensor Causal(long length, Device device)
    {
        using var noGrad = no_grad();
        return KeptScalars.Full([length, length], Never, device).triu(1).unsqueeze(0).unsqueeze(0);
    }
}
