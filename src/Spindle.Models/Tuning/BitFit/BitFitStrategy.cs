using Spindle.Designs.Strategies;
using Spindle.Models.Places;

namespace Spindle.Models.Tuning.BitFit;

/// <summary>BitFit (Ben Zaken et al. 2022): trains the biases of a layer's linear maps and normalisations. A linear map without bias (as in T5)
/// gets one that starts at zero.</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class BitFitStrategy(BitFitOptions? options = null) : ITuningStrategy
{
    private readonly BitFitCost cost = new() { Places = (options ?? new()).Places, Linears = (options ?? new()).Linears };

    /// <inheritdoc/>
    public IStrategyCost Cost => cost;

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var block in site.Layer.Blocks)
        {
            foreach (var linear in block.LinearsAndPooler.Where(linear => cost.Has(linear.Place)))
            {
                if (linear.Bias is { } bias) attachment.Train(bias, $"{site.Name}.{bias.Name}");
                else attachment.AddBias(linear, $"{site.Name}.{linear.Weight.Name}.bias");
            }
            foreach (var bias in block.NormsAt(cost.Norms).Select(norm => norm.Bias).OfType<WeightSlot>()) attachment.Train(bias, $"{site.Name}.{bias.Name}");
        }
        return attachment;
    }
}
