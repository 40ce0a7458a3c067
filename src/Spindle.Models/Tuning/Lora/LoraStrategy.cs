using Spindle.Designs.Strategies;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Parts;

namespace Spindle.Models.Tuning.Lora;

/// <summary>LoRA (Hu et al. 2022): a linear map W x becomes W x + scale · B A x.</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class LoraStrategy(LoraOptions? options = null) : ITuningStrategy
{
    private readonly LoraOptions options = options ?? new();
    private readonly LoraCost cost = new() { Places = (options ?? new()).Places, Gated = options?.Gated ?? false };

    /// <inheritdoc/>
    public IStrategyCost Cost => cost;

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var linear in site.Layer.LinearsAt(cost.Places))
        {
            var shape = linear.Shape;
            var down = attachment.Declare(new($"{site.Name}.{linear.Weight.Name}.a", [site.Size, shape.InputSize], site.Random.KaimingUniform(shape.InputSize)));
            var up = attachment.Declare(new($"{site.Name}.{linear.Weight.Name}.b", [shape.OutputSize, site.Size], InitialValues.Zero));
            var gate = options.Gated ? new Gate(attachment, $"{site.Name}.{linear.Weight.Name}", shape.InputSize, site.Random) : null;
            attachment.Add(linear, new LowRankDelta(down, up, options.ScaleOf(site.Size), options.Dropout, site.Mode, gate));
        }
        return attachment;
    }
}
