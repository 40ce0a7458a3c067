using Spindle.Designs.Strategies;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Parts;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>Bottleneck adapters: after the feed-forward part (Pfeiffer et al. 2021), after both parts (Houlsby et al. 2019), or beside the
/// feed-forward part (He et al. 2022).</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class AdapterStrategy(AdapterOptions? options = null) : ITuningStrategy
{
    private const double InitialDeviation = 0.02;

    private readonly AdapterOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => new AdapterCost { Placement = options.Placement, Gated = options.Gated };

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        AdapterPlaces.Attach(attachment, site.Layer, options.Placement, (place, block) =>
        {
            // the up-projection starts at zero, so that a new adapter has no effect
            var (name, hidden) = ($"{site.Name}.{place}", block.HiddenSize);
            var down = new BottleneckMap(
                attachment.Declare(new($"{name}.down.weight", [site.Size, hidden], site.Random.Normal(InitialDeviation))),
                attachment.Declare(new($"{name}.down.bias", [site.Size], InitialValues.Zero)));
            var up = new BottleneckMap(
                attachment.Declare(new($"{name}.up.weight", [hidden, site.Size], InitialValues.Zero)),
                attachment.Declare(new($"{name}.up.bias", [hidden], InitialValues.Zero)));
            return new(down.Apply, up.Apply, options, site.Mode, options.Gated ? new Gate(attachment, name, hidden, site.Random) : null);
        });
        return attachment;
    }
}
