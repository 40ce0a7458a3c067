using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Lora;
using Spindle.Models.Tuning.Parts;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Dora;

/// <summary>DoRA (Liu et al. 2024): the weight W becomes m · (W + scale · B A) / ‖W + scale · B A‖, with one norm and one trained magnitude m per output.</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class DoraStrategy(DoraOptions? options = null) : ITuningStrategy
{
    private readonly DoraOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => new DoraCost(new LoraCost { Places = options.Places, Gated = options.Gated });

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var linear in site.Layer.LinearsAt(options.Places))
        {
            var (shape, name) = (linear.Shape, $"{site.Name}.{linear.Weight.Name}");
            var down = attachment.Declare(new($"{name}.a", [site.Size, shape.InputSize], site.Random.KaimingUniform(shape.InputSize)));
            var up = attachment.Declare(new($"{name}.b", [shape.OutputSize, site.Size], InitialValues.Zero));
            var magnitude = attachment.Declare(new($"{name}.magnitude", [shape.OutputSize], target => target.copy_(NormOf(linear.Weight.Frozen.to(ScalarType.Float32)))));
            var delta = new DecomposedDelta(down, up, magnitude, options, site.Size, site.Mode);
            attachment.Add(linear, GatedDelta.Wrap(delta, options.Gated, attachment, name, linear, site.Random));
        }
        return attachment;
    }

    // [output, input] → [output]
    private static Tensor NormOf(Tensor weight) => (weight * weight).sum(1).sqrt();

    private sealed class DecomposedDelta(TrainedParameter down, TrainedParameter up, TrainedParameter magnitude, DoraOptions options, int rank, TrainingMode mode)
        : ILinearDelta
    {
        public bool IsPositionWise => true;

        private readonly double scale = options.ScaleOf(rank);

        public Tensor Apply(LinearOutput context)
        {
            var (input, kernel) = (context.Input, context.Linear.Weight.Current);
            var ratio = RatioOf(kernel.to(ScalarType.Float32)).to(input.dtype);
            Tensor own;
            if (mode.IsOn && options.Dropout > 0)
            {
                input = nn.functional.dropout(input, options.Dropout, true);
                own = nn.functional.linear(input, kernel);
            }
            else
            {
                own = context.Linear.Bias is null && context.Linear.AddedBiases.Count == 0 ? context.BaseOutput : context.BaseOutput - context.Linear.CurrentBias!.to(input.dtype);
            }
            var low = nn.functional.linear(nn.functional.linear(input, down.Value.to(input.dtype)), up.Value.Times(scale).to(input.dtype));
            return context.Output.Plus(own * ratio.Plus(-1.0)).Plus(low * ratio);
        }

        public LinearWeights Merge(LinearWeights original, LinearWeights merged)
        {
            var changed = original.Weight.Plus(up.Value.matmul(down.Value).Times(scale)) * RatioOf(original.Weight).unsqueeze(1);
            return merged with { Weight = merged.Weight.Plus(changed - original.Weight) };
        }

        // the factor of each output of the changed weight, [output]
        private Tensor RatioOf(Tensor weight)
        {
            var norm = NormOf(weight.Plus(up.Value.matmul(down.Value).Times(scale)));
            return magnitude.Value / (options.ConstantNorm ? norm.detach() : norm);
        }
    }

    private sealed record DoraCost(LoraCost Lora) : IStrategyCost
    {
        public string Name => "dora";

        public string SizeName => "rank";

        public string? Absence(LayerShape layer) => Lora.Absence(layer);

        public int MaximumSize(LayerShape layer) => Lora.MaximumSize(layer);

        public long Parameters(LayerShape layer, int size) => Lora.Parameters(layer, size)
            + layer.Blocks.SelectMany(block => block.LinearsAt(Lora.Places)).Sum(linear => (long)linear.OutputSize);
    }
}
