using Spindle.Models.Kernels;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>Layer normalisation (Ba et al. 2016).</summary>
/// <param name="weight">The weight, <c>[hidden]</c>.</param>
/// <param name="bias">The bias, <c>[hidden]</c>.</param>
/// <param name="epsilon">Added to the variance.</param>
public sealed class TunableLayerNorm(WeightSlot weight, WeightSlot bias, double epsilon) : TunableNorm(weight, bias)
{
    private readonly WeightSlot shift = bias;

    /// <inheritdoc/>
    internal override TunableNorm WithSlots(WeightSlot weight, WeightSlot? bias) => new TunableLayerNorm(weight, bias!, epsilon);

    private protected override Tensor Normalise(Tensor input) =>
        nn.functional.layer_norm(input, [Weight.Frozen.shape[0]], Typed(Weight, input), Typed(shift, input), epsilon);

    private protected override HiddenStates JoinRows(Tensor residual, Tensor output, double dropout)
    {
        var (scale, added) = (Weight.Current, shift.Current);
        if (!NormJoin.IsFit(residual, output, scale, added)) return base.JoinRows(residual, output, dropout);
        var (full, typed) = NormJoin.Forward(residual, output, scale, added, epsilon, dropout);
        return new(full, typed);
    }
}
