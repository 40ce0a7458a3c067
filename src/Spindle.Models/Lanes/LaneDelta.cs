using Spindle.Models.Numerics;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Lanes;

/// <summary>Changes of each lane to its rows of a linear map's output: first to the bias, then the others.</summary>
/// <param name="lanes">The biases and the changes of each lane.</param>
internal sealed class LaneDelta(IReadOnlyList<LaneOutput> lanes) : ILinearDelta
{
    public bool IsPositionWise => lanes.All(lane => lane.Deltas.All(delta => delta.IsPositionWise));

    public Tensor Apply(LinearOutput context)
    {
        if (lanes.Any(lane => lane.HasBias)) context = context with { Output = AddBiases(context) };
        if (lanes.All(lane => lane.Deltas.Count == 0)) return context.Output;
        var (inputs, own, outputs) = (LaneRows.Split(context.Input, lanes.Count), LaneRows.Split(context.BaseOutput, lanes.Count), LaneRows.Split(context.Output, lanes.Count));
        return LaneRows.Join([.. lanes.Select((lane, index) => lane.Deltas.Aggregate(
            new LinearOutput(context.Linear, inputs[index], own[index], outputs[index]), (changed, delta) => changed with { Output = delta.Apply(changed) }).Output)], context.Output);
    }

    // one sum for all lanes: the map has added its frozen bias already
    private Tensor AddBiases(LinearOutput context)
    {
        var (output, linear) = (context.Output, context.Linear);
        var frozen = linear.Bias?.Frozen.to(ScalarType.Float32);
        var differences = stack([.. lanes.Select(lane => Difference(lane))], 0).to(output.dtype).unsqueeze(1); // [lanes, 1, output]
        return output.reshape(lanes.Count, -1, output.shape[^1]).Plus(differences).view(output.shape);

        Tensor Difference(LaneOutput lane) => lane switch
        {
            { HasBias: false } => zeros(linear.Shape.OutputSize, device: output.device),
            _ => lane.AddedBiases.Aggregate(
                linear.Bias is { } slot ? slot.With(lane.Bias).to(ScalarType.Float32) - frozen! : zeros(linear.Shape.OutputSize, device: output.device),
                (sum, added) => sum.Plus(added.Value)),
        };
    }
}

/// <summary>What one lane has attached to the output of a linear map.</summary>
/// <param name="Bias">The trained parameters of the backbone's own bias.</param>
/// <param name="AddedBiases">Biases of a map without bias.</param>
/// <param name="Deltas">Changes to the output.</param>
internal sealed record LaneOutput(IReadOnlyList<TrainedWeight> Bias, IReadOnlyList<Parameters.TrainedParameter> AddedBiases, IReadOnlyList<ILinearDelta> Deltas)
{
    /// <summary>Whether the bias differs from the frozen one.</summary>
    public bool HasBias => Bias.Count + AddedBiases.Count > 0;
}
