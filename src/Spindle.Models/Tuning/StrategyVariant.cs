using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning;

/// <summary>A strategy under another name, so that one design space can hold it with different options.</summary>
internal sealed class StrategyVariant(string name, ITuningStrategy strategy) : ITuningStrategy
{
    public IStrategyCost Cost { get; } = new VariantCost(name, strategy.Cost);

    public Attachment Attach(TuningSite site) => strategy.Attach(site);

    private sealed record VariantCost(string Name, IStrategyCost Inner) : IStrategyCost
    {
        public string? SizeName => Inner.SizeName;

        public bool HasEqualSizes => Inner.HasEqualSizes;

        public string? Absence(LayerShape layer) => Inner.Absence(layer);

        public int MaximumSize(LayerShape layer) => Inner.MaximumSize(layer);

        public long Parameters(LayerShape layer, int size) => Inner.Parameters(layer, size);
    }
}
