using Spindle.Designs.Shapes;
using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place of one normalisation.</summary>
/// <param name="weight">The weight, <c>[hidden]</c>.</param>
/// <param name="bias">The bias, <c>[hidden]</c>, or null where the normalisation has none.</param>
public abstract class TunableNorm(WeightSlot weight, WeightSlot? bias)
{
    /// <summary>The weight, <c>[hidden]</c>.</summary>
    public WeightSlot Weight => weight;

    /// <summary>The bias, <c>[hidden]</c>, or null.</summary>
    public WeightSlot? Bias => bias;

    /// <summary>The shape of the normalisation.</summary>
    public NormShape Shape => new((int)weight.Frozen.shape[0], bias is not null);

    /// <summary>Normalises over the last dimension.</summary>
    /// <param name="input"><c>[…, hidden]</c>.</param>
    public abstract Tensor Forward(Tensor input);

    /// <summary>Normalises residual + dropout(output) over the last dimension.</summary>
    /// <param name="residual"><c>[…, hidden]</c>.</param>
    /// <param name="output"><c>[…, hidden]</c>.</param>
    /// <param name="dropout">The dropout probability of the output, 0 in evaluation.</param>
    public virtual HiddenStates Join(Tensor residual, Tensor output, double dropout)
    {
        var dropped = HashedDropout.Forward(output, dropout, training: true);
        return HiddenStates.Of(Forward(residual.Plus(dropped.dtype == residual.dtype ? dropped : dropped.to(residual.dtype))));
    }

    private protected static Tensor Typed(WeightSlot slot, Tensor input) =>
        slot.Current is var value && value.dtype == input.dtype ? value : value.to(input.dtype);
}
