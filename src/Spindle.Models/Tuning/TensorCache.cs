using static TorchSharp.torch;

namespace Spindle.Models.Tuning;

/// <summary>Frozen tensors by name that are made once and live as long as their model.</summary>
public sealed class TensorCache : IDisposable
{
    private readonly Dictionary<string, Tensor> byName = new(StringComparer.Ordinal);

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">Its name, which tells everything that <paramref name="make"/> depends on.</param>
    /// <param name="make">Makes it where there is none yet.</param>
    public Tensor Get(string name, Func<Tensor> make)
    {
        if (!byName.TryGetValue(name, out var tensor)) byName.Add(name, tensor = make().DetachFromDisposeScope());
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in byName.Values) tensor.Dispose();
        byName.Clear();
    }
}
