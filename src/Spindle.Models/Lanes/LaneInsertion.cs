using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Lanes;

/// <summary>Changes of each lane to its rows of a sublayer's output.</summary>
/// <param name="lanes">The changes of each lane.</param>
internal sealed class LaneInsertion(IReadOnlyList<IReadOnlyList<ISublayerInsertion>> lanes) : ISublayerInsertion
{
    public bool IsPositionWise => lanes.All(lane => lane.All(insertion => insertion.IsPositionWise));

    public Tensor Apply(SublayerOutput context)
    {
        var (inputs, outputs, residuals) = (LaneRows.Split(context.Input, lanes.Count), LaneRows.Split(context.Output, lanes.Count), LaneRows.Split(context.Residual, lanes.Count));
        return LaneRows.Join([.. lanes.Select((lane, index) => lane.Aggregate(
            new SublayerOutput(inputs[index], outputs[index], residuals[index], context.PostNorm?.OfLane(index)),
            (changed, insertion) => changed with { Output = insertion.Apply(changed) }).Output)], context.Output);
    }
}
