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
    /// <param name="layer">The layer's places.</param>
    /// <param name="prefix">What the names of the parameters begin with (<c>layer.3.lora</c>).</param>
    /// <param name="size">From 1 to the cost's maximum.</param>
    /// <param name="random">Where random initial values come from.</param>
    Attachment Attach(Layer layer, string prefix, int size, InitialValues random);
}
