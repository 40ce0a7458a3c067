using Spindle.Designs.Shapes;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place of one linear map: frozen weight and bias, and what strategies add to its output, in the order in which they were attached.</summary>
/// <param name="place">Where in the block it stands.</param>
/// <param name="weight">The weight, <c>[output, input]</c>.</param>
/// <param name="bias">The bias, <c>[output]</c>, or null where the backbone has none.</param>
public sealed class TunableLinear(LinearPlace place, WeightSlot weight, WeightSlot? bias)
{
    /// <summary>Where in the block it stands.</summary>
    public LinearPlace Place => place;

    /// <summary>The weight, <c>[output, input]</c>.</summary>
    public WeightSlot Weight => weight;

    /// <summary>The backbone's own bias, <c>[output]</c>, or null.</summary>
    public WeightSlot? Bias => bias;

    /// <summary>A bias that a strategy adds where the backbone has none, <c>[output]</c>, or null.</summary>
    public Tuning.TrainedParameter? AddedBias { get; set; }

    /// <summary>What strategies add, first attached first.</summary>
    public IList<ILinearDelta> Deltas { get; } = [];

    /// <summary>The shape of the map.</summary>
    public LinearShape Shape => new(place, (int)weight.Frozen.shape[1], (int)weight.Frozen.shape[0], bias is not null);

    /// <summary>The map over the last dimension.</summary>
    /// <param name="input"><c>[…, input]</c>.</param>
    /// <returns><c>[…, output]</c>, in the weight's type.</returns>
    public Tensor Forward(Tensor input)
    {
        var kernel = weight.Current;
        var typed = input.dtype == kernel.dtype ? input : input.to(kernel.dtype);
        var shift = bias?.Current ?? AddedBias?.Value;
        if (shift is not null && shift.dtype != kernel.dtype) shift = shift.to(kernel.dtype);
        var output = nn.functional.linear(typed, kernel, shift);
        foreach (var delta in Deltas) output = delta.Apply(typed, output);
        return output;
    }
}

/// <summary>What a strategy adds to a linear map.</summary>
public interface ILinearDelta
{
    /// <summary>The changed output.</summary>
    /// <param name="input">What entered the map, <c>[…, input]</c>.</param>
    /// <param name="output">What left it so far, <c>[…, output]</c>.</param>
    Tensor Apply(Tensor input, Tensor output);
}
