using Spindle.Models.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The attention mask of padded sequences: what is added to attention scores so that padding is ignored.</summary>
/// <param name="mask">1 for a token, 0 for padding, <c>[batch, tokens]</c>.</param>
/// <param name="onHost">The same mask in the CPU's memory, or null.</param>
public sealed class PaddingMask(Tensor mask, Tensor? onHost = null)
{
    private readonly bool isEmpty = IsEmpty(onHost ?? mask);
    private Tensor? bias;

    /// <summary>The mask of a batch.</summary>
    /// <param name="batch">The batch.</param>
    public PaddingMask(TokenBatch batch)
        : this(batch.Mask, batch.OnHost?.Mask)
    {
    }

    /// <summary>0 for tokens and for whatever comes before them, a very low number for padding, <c>[batch, 1, 1, keys]</c>; null where nothing is padded.</summary>
    /// <param name="keys">The number of tokens and of whatever comes before them.</param>
    public Tensor? Bias(long keys)
    {
        if (isEmpty) return null;
        if (bias?.shape[3] == keys) return bias;
        using var noGrad = no_grad();
        var ofTokens = mask.to(ScalarType.Float32).Plus(-1.0).unsqueeze(1).unsqueeze(1).Times(-AttentionMask.Never);
        return bias = keys == mask.shape[1] ? ofTokens : nn.functional.pad(ofTokens, [keys - mask.shape[1], 0]);
    }

    // a mask on another device counts as padded: to look at it, the CPU would have to wait for that device
    private static bool IsEmpty(Tensor mask) => mask.device_type == DeviceType.CPU && mask.min().ToInt64() == 1;
}
