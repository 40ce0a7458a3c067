using Spindle.Designs.Strategies;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Parts;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.ScaleShift;

/// <summary>Scaling and shifting (SSF, Lian et al. 2022): a linear map's output y becomes γ ∘ y + β, with γ starting at one and β at zero.</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class ScaleShiftStrategy(ScaleShiftOptions? options = null) : ITuningStrategy
{
    private readonly ScaleShiftOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => new ScaleShiftCost(options.Places, options.Gated);

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var linear in site.Layer.LinearsAt(options.Places))
        {
            var name = $"{site.Name}.{linear.Weight.Name}";
            var scale = attachment.Declare(new($"{name}.scale", [linear.Shape.OutputSize], InitialValues.One));
            var shift = attachment.Declare(new($"{name}.shift", [linear.Shape.OutputSize], InitialValues.Zero));
            attachment.Add(linear, GatedDelta.Wrap(new ScaledAndShifted(scale, shift), options.Gated, attachment, name, linear, site.Random));
        }
        return attachment;
    }

    private sealed class ScaledAndShifted(TrainedParameter scale, TrainedParameter shift) : ILinearDelta
    {
        public bool IsPositionWise => true;

        public Tensor Apply(LinearOutput context)
        {
            var type = context.Output.dtype;
            return (context.Output * scale.Value.to(type)).Plus(shift.Value.to(type));
        }

        public LinearWeights Merge(LinearWeights original, LinearWeights merged)
        {
            var bias = merged.Bias is { } before ? (before * scale.Value).Plus(shift.Value) : shift.Value;
            return new(merged.Weight * scale.Value.unsqueeze(1), bias);
        }
    }
}
