using Spindle.Designs.Strategies;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning;

/// <summary>A way to tune a layer. Contract: what it attaches touches the layer only through its named places; the parameters it declares
/// number exactly what <see cref="Cost"/> says; right after initialisation the layer computes what it computed before, where the method has
/// that property; disposing what <see cref="Attach"/> returned gives every place back as it was.</summary>
public interface ITuningStrategy
{
    /// <summary>What the strategy costs.</summary>
    IStrategyCost Cost { get; }

    /// <summary>Attaches the strategy to a layer.</summary>
    Attachment Attach(TuningSite site);
}
