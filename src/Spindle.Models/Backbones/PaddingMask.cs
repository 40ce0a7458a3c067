using Spindle.Models.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The attention mask of padded sequences: what is added to attention scores so that padding is ignored.</summary>
/// <param name="mask">1 for a token, 0 for padding, <c>[batch, tokens]</c>.</param>
public sealed class PaddingMask(Tensor mask)
{
    private readonly bool isEmpty = mask.min().ToInt64() == 1;
    private Tensor? bias;

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
}
