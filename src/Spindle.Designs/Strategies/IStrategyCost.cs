using Spindle.Designs.Shapes;

namespace Spindle.Designs.Strategies;

/// <summary>The cost of a tuning strategy in trained parameters. Contract: in a layer where <see cref="Absence"/> is null, <see cref="Parameters"/>
/// depends on its arguments only, is positive for every size from 1 to <see cref="MaximumSize"/>, and grows strictly with the size where <see cref="HasSize"/>.</summary>
public interface IStrategyCost
{
    /// <summary>The strategy's name in study files and designs: lower case, words joined by hyphens (<c>adapter</c>).</summary>
    string Name { get; }

    /// <summary>The usual name of the size (<c>bottleneck</c>, <c>prefix length</c>, <c>rank</c>), or null if there is none.</summary>
    string? SizeName { get; }

    /// <summary>Whether the strategy has a size that the solver can choose. A strategy without a size has a constant cost, requested with size 1.</summary>
    bool HasSize => SizeName is not null;

    /// <summary>Whether every layer gets the same size, whatever the allocation.</summary>
    bool HasEqualSizes => false;

    /// <summary>Why this layer does not support the strategy, as a phrase after "the layer …:", or null if it does.</summary>
    string? Absence(LayerShape layer) => null;

    /// <summary>The largest sensible size in this layer, at least 1.</summary>
    int MaximumSize(LayerShape layer);

    /// <summary>The trained parameters of the strategy in this layer at this size.</summary>
    /// <param name="layer">The layer's shape.</param>
    /// <param name="size">The size, from 1 to <see cref="MaximumSize"/>.</param>
    long Parameters(LayerShape layer, int size);
}
