using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Prefix;

/// <summary>The same keys and values before those of every row.</summary>
/// <param name="keys">The keys, <c>[length, heads · head size]</c>.</param>
/// <param name="values">The values, <c>[length, heads · head size]</c>.</param>
/// <param name="heads">The number of heads.</param>
/// <param name="positions">How many positions they take.</param>
internal sealed class PrefixedKeyValues(Func<Tensor> keys, Func<Tensor> values, int heads, int positions) : IKeyValuePrefix
{
    public int Positions => positions;

    public KeyValues KeysAndValues(Tensor hidden, ScalarType type) => new(Spread(keys(), hidden.shape[0], type), Spread(values(), hidden.shape[0], type));

    // [length, heads · head size] → [batch, heads, length, head size]
    private Tensor Spread(Tensor states, long batch, ScalarType type) =>
        states.to(type).view(states.shape[0], heads, -1).transpose(0, 1).unsqueeze(0).expand(batch, -1, -1, -1);
}
