using Spindle.Designs.Shapes;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place of one layer normalisation.</summary>
/// <param name="weight">The weight, <c>[hidden]</c>.</param>
/// <param name="bias">The bias, <c>[hidden]</c>.</param>
/// <param name="epsilon">Added to the variance.</param>
public sealed class TunableNorm(WeightSlot weight, WeightSlot bias, double epsilon)
{
    /// <summary>The weight, <c>[hidden]</c>.</summary>
    public WeightSlot Weight => weight;

    /// <summary>The bias, <c>[hidden]</c>.</summary>
    public WeightSlot? Bias => bias;

    /// <summary>The shape of the normalisation.</summary>
    public NormShape Shape => new((int)weight.Frozen.shape[0], true);

    /// <summary>Normalises over the last dimension.</summary>
    /// <param name="input"><c>[…, hidden]</c>.</param>
    public Tensor Forward(Tensor input) =>
        nn.functional.layer_norm(input, [weight.Frozen.shape[0]], Typed(weight, input), Typed(bias, input), epsilon);

    private static Tensor Typed(WeightSlot slot, Tensor input) => slot.Current is var value && value.dtype == input.dtype ? value : value.to(input.dtype);
}
