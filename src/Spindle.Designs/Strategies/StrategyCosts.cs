using System.Collections.Immutable;
using Spindle.Designs.Text;

namespace Spindle.Designs.Strategies;

/// <summary>The costs of strategies by name. Immutable: <see cref="With"/> returns a new object.</summary>
public sealed class StrategyCosts
{
    private readonly ImmutableSortedDictionary<string, IStrategyCost> byName;

    private StrategyCosts(ImmutableSortedDictionary<string, IStrategyCost> byName) => this.byName = byName;

    /// <summary>Creates the collection. If several costs have the same name, the last one counts.</summary>
    public static StrategyCosts Of(params IEnumerable<IStrategyCost> costs) =>
        costs.Aggregate(new StrategyCosts(ImmutableSortedDictionary.Create<string, IStrategyCost>(StringComparer.Ordinal)), (all, cost) => all.With(cost));

    /// <summary>The strategies' names in ordinal order.</summary>
    public IEnumerable<string> Names => byName.Keys;

    /// <summary>The cost of a strategy.</summary>
    /// <exception cref="ArgumentException">The strategy is unknown. The message names the nearest one.</exception>
    public IStrategyCost this[string name] => byName.TryGetValue(name, out var cost)
        ? cost
        : throw new ArgumentException(NearestName.Find(name, Names) is { } nearest
            ? $"unknown strategy '{name}'; did you mean '{nearest}'?"
            : $"unknown strategy '{name}'; the strategies are {string.Join(", ", Names)}");

    /// <summary>Whether there is a strategy with this name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>These costs and one more, which replaces any with the same name.</summary>
    public StrategyCosts With(IStrategyCost cost) => new(byName.SetItem(cost.Name, cost));
}
