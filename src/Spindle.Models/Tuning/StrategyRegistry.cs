using Spindle.Designs.Strategies;
using Spindle.Models.Tuning.Adapters;
using Spindle.Models.Tuning.BitFit;
using Spindle.Models.Tuning.Lora;
using Spindle.Models.Tuning.Prefix;

namespace Spindle.Models.Tuning;

/// <summary>The strategies that designs may name, in the order in which they are attached to a layer.</summary>
public sealed class StrategyRegistry
{
    private readonly IReadOnlyList<ITuningStrategy> strategies;

    private StrategyRegistry(IReadOnlyList<ITuningStrategy> strategies) => this.strategies = strategies;

    /// <summary>The paper's four with their default options: adapter, prefix, bitfit, lora.</summary>
    public static StrategyRegistry Paper { get; } = new([new AdapterStrategy(), new PrefixStrategy(), new BitFitStrategy(), new LoraStrategy()]);

    /// <summary>What each strategy costs.</summary>
    public StrategyCosts Costs => strategies.Aggregate(StrategyCosts.Paper, (costs, strategy) => costs.With(strategy.Cost));

    /// <summary>The registry with one strategy more, or with one of the same name replaced.</summary>
    public StrategyRegistry With(ITuningStrategy strategy) =>
        new([.. strategies.Where(known => known.Cost.Name != strategy.Cost.Name), strategy]);

    /// <summary>A strategy by name.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public ITuningStrategy Find(string name) => strategies.FirstOrDefault(strategy => strategy.Cost.Name == name)
        ?? throw new InvalidDataException(
            $"there is no strategy '{name}'; there are {string.Join(", ", strategies.Select(strategy => strategy.Cost.Name))}");

    /// <summary>A strategy's place in the order of attachment.</summary>
    public int OrderOf(string name) => strategies.TakeWhile(strategy => strategy.Cost.Name != name).Count();
}
