using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>Keys and values of an attention, each <c>[batch, heads, length, head size]</c>.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Values">The values.</param>
public sealed record KeyValues(Tensor Keys, Tensor Values) : IDisposable
{
    /// <summary>These followed by others.</summary>
    public KeyValues Append(KeyValues other) => new(cat([Keys, other.Keys], 2), cat([Values, other.Values], 2));

    /// <summary>Some rows, in this order.</summary>
    /// <param name="rows">The rows, <c>[rows]</c>.</param>
    public KeyValues SelectRows(Tensor rows) => new(Keys.index_select(0, rows), Values.index_select(0, rows));

    /// <summary>Detaches both from their dispose scope.</summary>
    public KeyValues Detach() => new(Keys.DetachFromDisposeScope(), Values.DetachFromDisposeScope());

    /// <summary>Disposes both.</summary>
    public void Dispose()
    {
        Keys.Dispose();
        Values.Dispose();
    }
}
