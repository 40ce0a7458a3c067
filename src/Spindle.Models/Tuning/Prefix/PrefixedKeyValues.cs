using Spindle.Models.Places;
using Spindle.Models.Tuning.Parts;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Prefix;

/// <summary>The same keys and values for every row.</summary>
/// <param name="length">The prefix length.</param>
/// <param name="keys">The keys, <c>[length, heads · head size]</c>.</param>
/// <param name="values">The values, <c>[length, heads · head size]</c>.</param>
/// <param name="heads">The number of heads.</param>
/// <param name="positions">Which positions they take.</param>
/// <param name="gate">The gate, or null for none.</param>
internal sealed class PrefixedKeyValues(int length, Func<Tensor> keys, Func<Tensor> values, int heads, PrefixPositions positions, Gate? gate) : IKeyValuePrefix
{
    public int Positions => positions == PrefixPositions.Before ? length : 0;

    public int KeyShift => positions == PrefixPositions.Aligned ? length : 0;

    public bool ReadsStates => gate is not null;

    public KeyValues KeysAndValues(Tensor hidden, ScalarType type)
    {
        var (batch, share) = (hidden.shape[0], gate?.Forward(hidden).unsqueeze(-1).to(type)); // [batch, 1, 1, 1]
        var (key, value) = (Spread(keys(), batch, type), Spread(values(), batch, type));
        return share is null ? new(key, value) : new(key * share, value * share);
    }

    // [length, heads · head size] → [batch, heads, length, head size]
    private Tensor Spread(Tensor states, long batch, ScalarType type) =>
        states.to(type).view(states.shape[0], heads, -1).transpose(0, 1).unsqueeze(0).expand(batch, -1, -1, -1);
}
