using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>Root-mean-square normalisation without bias (Zhang and Sennrich 2019), as in T5.</summary>
/// <param name="weight">The weight, <c>[hidden]</c>.</param>
/// <param name="epsilon">Added to the mean square.</param>
public sealed class TunableRootMeanSquareNorm(WeightSlot weight, double epsilon) : TunableNorm(weight, null)
{
    /// <inheritdoc/>
    internal override TunableNorm WithSlots(WeightSlot weight, WeightSlot? bias) => new TunableRootMeanSquareNorm(weight, epsilon);

    private protected override Tensor Normalise(Tensor input) => Weight.Current is var scale && RootMeanSquare.IsFit(input, scale)
        ? RootMeanSquare.Forward(input, scale, epsilon)
        : input * (input * input).mean([-1], keepdim: true).Plus(epsilon).rsqrt() * Typed(Weight, input);
}
