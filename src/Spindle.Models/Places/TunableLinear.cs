using Spindle.Designs.Shapes;
using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place of one linear map: the frozen weight and bias, and the changes that strategies make, in the order of attachment.</summary>
/// <param name="place">Its role in the block.</param>
/// <param name="weight">The weight, <c>[output, input]</c>.</param>
/// <param name="bias">The bias, <c>[output]</c>, or null where the backbone has none.</param>
public sealed class TunableLinear(LinearPlace place, WeightSlot weight, WeightSlot? bias)
{
    /// <summary>Its role in the block.</summary>
    public LinearPlace Place => place;

    /// <summary>The weight, <c>[output, input]</c>.</summary>
    public WeightSlot Weight => weight;

    /// <summary>The backbone's own bias, <c>[output]</c>, or null.</summary>
    public WeightSlot? Bias => bias;

    /// <summary>Biases that strategies add to a map without bias, each <c>[output]</c>.</summary>
    public Attachment.Additions<TrainedParameter> AddedBiases { get; } = new();

    /// <summary>Changes to the input, the first attached first.</summary>
    public Attachment.Additions<ILinearInput> Inputs { get; } = new();

    /// <summary>Changes to the output, the first attached first.</summary>
    public Attachment.Additions<ILinearDelta> Deltas { get; } = new();

    /// <summary>The shape of the map.</summary>
    public LinearShape Shape => new(place, (int)weight.Frozen.shape[1], (int)weight.Frozen.shape[0], bias is not null);

    /// <summary>Whether anything is attached to the map, or trained in it.</summary>
    internal bool IsTuned => weight.IsTrained || bias is { IsTrained: true } || AddedBiases.Count + Inputs.Count + Deltas.Count > 0;

    /// <summary>Applies the map to the last dimension.</summary>
    /// <param name="input"><c>[…, input]</c>.</param>
    /// <returns><c>[…, output]</c>, in the weight's type.</returns>
    public Tensor Forward(Tensor input)
    {
        var kernel = weight.Current;
        var typed = input.dtype == kernel.dtype ? input : input.to(kernel.dtype);
        foreach (var change in Inputs) typed = change.Apply(typed);
        var shift = CurrentBias;
        if (shift is not null && shift.dtype != kernel.dtype) shift = shift.to(kernel.dtype);
        return Finish(typed, LinearProduct.Linear(typed, kernel, shift));
    }

    /// <summary>Applies the changes to the output.</summary>
    /// <param name="input">The input, in the weight's type, <c>[…, input]</c>.</param>
    /// <param name="own">The output of the map's own weight and bias, <c>[…, output]</c>.</param>
    internal Tensor Finish(Tensor input, Tensor own)
    {
        if (Deltas.Count == 0) return own;
        var context = new LinearOutput(this, input, own, own);
        foreach (var delta in Deltas) context = context with { Output = delta.Apply(context) };
        return context.Output;
    }

    /// <summary>The weight and bias, float32, of a plain linear map that computes the same as this one with everything attached to it.</summary>
    /// <returns>The tensors, which belong to the caller's dispose scope, or null where something attached cannot be merged.</returns>
    public LinearWeights? Merge()
    {
        var own = new LinearWeights(weight.Current.to(ScalarType.Float32), CurrentBias?.to(ScalarType.Float32));
        var merged = own;
        foreach (var delta in Deltas)
        {
            if (delta.Merge(own, merged) is not { } next) return null;
            merged = next;
        }
        foreach (var change in Inputs.Reverse())
        {
            if (change.Merge(merged) is not { } next) return null;
            merged = next;
        }
        return merged;
    }

    /// <summary>The bias that the forward pass adds, including trained and added ones, <c>[output]</c>; null where there is none.</summary>
    public Tensor? CurrentBias => AddedBiases.Select(added => added.Value).Prepend(bias?.Current).Aggregate((sum, added) => sum is null ? added : sum.Plus(added!));
}

/// <summary>The state of a linear map's forward pass, as a strategy sees it.</summary>
/// <param name="Linear">The map.</param>
/// <param name="Input">The input, <c>[…, input]</c>.</param>
/// <param name="BaseOutput">The output of the map's own weight and bias, <c>[…, output]</c>.</param>
/// <param name="Output">The output after the changes attached earlier, <c>[…, output]</c>.</param>
public sealed record LinearOutput(TunableLinear Linear, Tensor Input, Tensor BaseOutput, Tensor Output);

/// <summary>The weights of a linear map.</summary>
/// <param name="Weight"><c>[output, input]</c>.</param>
/// <param name="Bias"><c>[output]</c>, or null.</param>
public sealed record LinearWeights(Tensor Weight, Tensor? Bias);

/// <summary>A change to a linear map's output.</summary>
public interface ILinearDelta
{
    /// <summary>The changed output, <c>[…, output]</c>.</summary>
    Tensor Apply(LinearOutput context);

    /// <summary>Whether the output at a position depends on that position alone, so that padding can be left out.</summary>
    bool IsPositionWise => false;

    /// <summary>Merges the change into the weights; null where weights cannot express it.</summary>
    /// <param name="original">The map's own weights.</param>
    /// <param name="merged">The weights with everything attached earlier merged in.</param>
    LinearWeights? Merge(LinearWeights original, LinearWeights merged) => null;
}

/// <summary>A change to a linear map's input.</summary>
public interface ILinearInput
{
    /// <summary>The changed input, <c>[…, input]</c>.</summary>
    Tensor Apply(Tensor input);

    /// <summary>Whether the input at a position depends on that position alone, so that padding can be left out.</summary>
    bool IsPositionWise => false;

    /// <summary>Merges the change into the weights that read the changed input; null where weights cannot express it.</summary>
    LinearWeights? Merge(LinearWeights merged) => null;
}
