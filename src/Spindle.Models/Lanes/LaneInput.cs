using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Lanes;

/// <summary>Changes of each lane to its rows of a linear map's input.</summary>
/// <param name="lanes">The changes of each lane.</param>
internal sealed class LaneInput(IReadOnlyList<IReadOnlyList<ILinearInput>> lanes) : ILinearInput
{
    public bool IsPositionWise => lanes.All(lane => lane.All(change => change.IsPositionWise));

    public Tensor Apply(Tensor input) =>
        LaneRows.Join([.. LaneRows.Split(input, lanes.Count).Zip(lanes, (rows, lane) => lane.Aggregate(rows, (changed, change) => change.Apply(changed)))], input);
}
