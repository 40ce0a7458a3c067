using System.Collections.Immutable;
using Spindle.Designs.Text;

namespace Spindle.Designs.Strategies;

/// <summary>The strategies that can be costed, by name. Immutable: <see cref="With"/> makes another.</summary>
public sealed class StrategyCosts
{
    private readonly ImmutableSortedDictionary<string, IStrategyCost> byName;

    private StrategyCosts(ImmutableSortedDictionary<string, IStrategyCost> byName) => this.byName = byName;

    /// <summary>The costs of some strategies; of several with the same name, the last.</summary>
    public static StrategyCosts Of(params IEnumerable<IStrategyCost> costs) =>
        costs.Aggregate(new StrategyCosts(ImmutableSortedDictionary.Create<string, IStrategyCost>(StringComparer.Ordinal)), (all, cost) => all.With(cost));

    /// <summary>The strategies' names in ordinal order.</summary>
    public IEnumerable<string> Names => byName.Keys;

    /// <summary>The cost of a strategy.</summary>
    /// <exception cref="ArgumentException">There is no such strategy; the message names the nearest.</exception>
    public IStrategyCost this[string name] => byName.TryGetValue(name, out var cost)
        ? cost
        : throw new ArgumentException(NearestName.Of(name, Names) is { } nearest
            ? $"unknown strategy '{name}'; did you mean '{nearest}'?"
            : $"unknown strategy '{name}'; known are {string.Join(", ", Names)}");

    /// <summary>Whether there is a strategy of this name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>These strategies and one more, in place of any of the same name.</summary>
    public StrategyCosts With(IStrategyCost cost) => new(byName.SetItem(cost.Name, cost));
}
