using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning.Parts;

/// <summary>Several strategies with one common size, attached in order.</summary>
/// <param name="name">The strategy's name.</param>
/// <param name="sizeName">The name of the size.</param>
/// <param name="parts">The strategies with the factor that turns the common size into theirs.</param>
internal sealed class CombinedStrategy(string name, string sizeName, params (ITuningStrategy Strategy, int Factor)[] parts) : ITuningStrategy
{
    public IStrategyCost Cost { get; } = new CombinedCost(name, sizeName, [.. parts.Select(part => (part.Strategy.Cost, part.Factor))]);

    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var (strategy, factor) in parts)
            attachment.Include(strategy.Attach(site with { Name = $"{site.Name}.{strategy.Cost.Name}", Size = factor * site.Size }));
        return attachment;
    }

    private sealed record CombinedCost(string Name, string SizeName, IReadOnlyList<(IStrategyCost Cost, int Factor)> Parts) : IStrategyCost
    {
        public string? Absence(LayerShape layer) => Parts.Select(part => part.Cost.Absence(layer)).FirstOrDefault(reason => reason is not null)
            ?? (Parts.Any(part => part.Cost.MaximumSize(layer) < part.Factor) ? "it is smaller than the smallest size of the strategy" : null);

        public int MaximumSize(LayerShape layer) => Parts.Min(part => part.Cost.MaximumSize(layer) / part.Factor);

        public long Parameters(LayerShape layer, int size) => Parts.Sum(part => part.Cost.Parameters(layer, part.Factor * size));
    }
}
