namespace Spindle.Designs.Budgets;

/// <summary>What the solver makes of a design: whole sizes under the budget.</summary>
/// <param name="Budget">The parameters that were allowed.</param>
/// <param name="Layers">What tunes each layer, in order of depth; an untuned layer has no entry.</param>
public sealed record BudgetSolution(long Budget, IReadOnlyList<LayerTuning> Layers)
{
    /// <summary>The parameters that are trained, the head not among them; never more than <see cref="Budget"/>.</summary>
    public long Trained => Layers.Sum(layer => layer.Parameters);

    /// <inheritdoc/>
    public bool Equals(BudgetSolution? other) => other is not null && Budget == other.Budget && Sequences.Same(Layers, other.Layers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Budget, Sequences.Hash(Layers));
}

/// <summary>What tunes one layer.</summary>
/// <param name="Layer">The layer's zero-based index.</param>
/// <param name="Strategies">Its strategies with their sizes.</param>
public sealed record LayerTuning(int Layer, IReadOnlyList<SizedStrategy> Strategies)
{
    /// <summary>The parameters that are trained in the layer.</summary>
    public long Parameters => Strategies.Sum(strategy => strategy.Parameters);

    /// <inheritdoc/>
    public bool Equals(LayerTuning? other) => other is not null && Layer == other.Layer && Sequences.Same(Strategies, other.Strategies);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Layer, Sequences.Hash(Strategies));
}

/// <summary>A strategy at a size.</summary>
/// <param name="Name">The strategy's name.</param>
/// <param name="Size">Its size (bottleneck, prefix length, rank); 1 for one without.</param>
/// <param name="Parameters">The parameters it trains in the layer.</param>
public sealed record SizedStrategy(string Name, int Size, long Parameters);
