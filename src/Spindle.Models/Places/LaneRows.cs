using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The rows of several lanes in one batch: those of the first lane first, and as many of each.</summary>
public static class LaneRows
{
    /// <summary>The rows of each lane, as views.</summary>
    /// <param name="states"><c>[lanes · rows, …]</c>, or <c>[1, lanes · tokens, hidden]</c> where rows stand one after the other without padding.</param>
    /// <param name="lanes">The number of lanes.</param>
    public static IReadOnlyList<Tensor> Split(Tensor states, int lanes) => states.chunk(lanes, Dimension(states, lanes));

    /// <summary>The rows of all lanes, one lane after the other.</summary>
    /// <param name="parts">The rows of each lane.</param>
    /// <param name="like">States of the same layout as the result.</param>
    public static Tensor Join(IReadOnlyList<Tensor> parts, Tensor like) => cat([.. parts], Dimension(like, parts.Count));

    // a batch of one row holds the tokens of all of them
    private static long Dimension(Tensor states, int lanes) => lanes > 1 && states.shape[0] == 1 ? 1 : 0;
}
