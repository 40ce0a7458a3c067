using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>What an attention attends to, each <c>[batch, heads, length, head size]</c>.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Values">The values.</param>
public sealed record KeyValues(Tensor Keys, Tensor Values)
{
    /// <summary>These, then others.</summary>
    public KeyValues Then(KeyValues other) => new(cat([Keys, other.Keys], 2), cat([Values, other.Values], 2));

    /// <summary>Some of the rows, in this order.</summary>
    /// <param name="rows">The rows, <c>[rows]</c>.</param>
    public KeyValues Rows(Tensor rows) => new(Keys.index_select(0, rows), Values.index_select(0, rows));

    /// <summary>Keeps both beyond the scope in which they were made.</summary>
    public KeyValues Keep() => new(Keys.DetachFromDisposeScope(), Values.DetachFromDisposeScope());

    /// <summary>Frees both.</summary>
    public void Free()
    {
        Keys.Dispose();
        Values.Dispose();
    }
}
