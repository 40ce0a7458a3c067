using Spindle.Designs.Strategies;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Parts;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Ia3;

/// <summary>(IA)³ (Liu et al. 2022): multiplies keys, values and the inner activations of the feed-forward part by trained vectors that start at one.</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class Ia3Strategy(Ia3Options? options = null) : ITuningStrategy
{
    private readonly Ia3Options options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => new Ia3Cost(options);

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var linear in site.Layer.Blocks.SelectMany(block => block.LinearsAndPooler))
        {
            var (name, width) = ($"{site.Name}.{linear.Weight.Name}", linear.Shape.InputSize);
            if (options.Outputs.Contains(linear.Place))
                attachment.Add(linear, GatedDelta.Wrap(new ScaledOutput(Declare(linear, "output", linear.Shape.OutputSize)), options.Gated, attachment, $"{name}.output", linear, site.Random));
            if (options.Inputs.Contains(linear.Place))
            {
                var change = new ScaledInput(Declare(linear, "input", width));
                attachment.Add(linear, options.Gated ? new GatedInput(change, new(attachment, $"{name}.input", width, site.Random)) : change);
            }
        }
        return attachment;

        TrainedParameter Declare(TunableLinear linear, string side, int size) =>
            attachment.Declare(new($"{site.Name}.{linear.Weight.Name}.{side}", [size], InitialValues.One));
    }

    private sealed class ScaledOutput(TrainedParameter scale) : ILinearDelta
    {
        public bool IsPositionWise => true;

        public Tensor Apply(LinearOutput context) => context.Output * scale.Value.to(context.Output.dtype);

        public LinearWeights Merge(LinearWeights original, LinearWeights merged) =>
            new(merged.Weight * scale.Value.unsqueeze(1), merged.Bias is { } bias ? bias * scale.Value : null);
    }

    private sealed class ScaledInput(TrainedParameter scale) : ILinearInput
    {
        public bool IsPositionWise => true;

        public Tensor Apply(Tensor input) => input * scale.Value.to(input.dtype);

        public LinearWeights Merge(LinearWeights merged) => merged with { Weight = merged.Weight * scale.Value };
    }
}
