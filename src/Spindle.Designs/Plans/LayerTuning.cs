namespace Spindle.Designs.Plans;

/// <summary>The sized strategies of one layer.</summary>
/// <param name="Layer">The layer's zero-based index.</param>
/// <param name="Strategies">The strategies with their sizes.</param>
public sealed record LayerTuning(int Layer, IReadOnlyList<SizedStrategy> Strategies)
{
    /// <summary>The number of trained parameters in the layer.</summary>
    public long Parameters => Strategies.Sum(strategy => strategy.Parameters);

    /// <inheritdoc/>
    public bool Equals(LayerTuning? other) => other is not null && Layer == other.Layer && Sequences.Same(Strategies, other.Strategies);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Layer, Sequences.Hash(Strategies));
}

/// <summary>A strategy with its size.</summary>
/// <param name="Name">The strategy's name.</param>
/// <param name="Size">The size (bottleneck, prefix length, rank); 1 for a strategy without a size.</param>
/// <param name="Parameters">The number of parameters that it trains in the layer.</param>
public sealed record SizedStrategy(string Name, int Size, long Parameters);
