using Spindle.Designs.Strategies;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning;

/// <summary>A way to tune a layer. Contract: it changes the layer only through its named places. The number of declared parameters is exactly
/// what <see cref="Cost"/> gives. Right after initialisation the layer computes the same as before, where the method has that property.
/// Disposing the result of <see cref="Attach"/> undoes every change.</summary>
public interface ITuningStrategy
{
    /// <summary>The cost in trained parameters.</summary>
    IStrategyCost Cost { get; }

    /// <summary>Attaches the strategy to a layer.</summary>
    Attachment Attach(TuningSite site);
}
