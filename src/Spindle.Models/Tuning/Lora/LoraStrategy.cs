using Spindle.Designs.Strategies;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Lora;

/// <summary>LoRA (Hu et al. 2022): a linear map W x becomes W x + (alpha / rank) · B A x.</summary>
/// <param name="options">The options; the defaults where null.</param>
public sealed class LoraStrategy(LoraOptions? options = null) : ITuningStrategy
{
    private readonly LoraOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => options.Cost;

    /// <inheritdoc/>
    public Attachment Attach(Layer layer, string prefix, int size, InitialValues random)
    {
        var attachment = new Attachment();
        foreach (var linear in layer.Blocks.SelectMany(block => block.Linears).Where(linear => options.Cost.Places.Contains(linear.Place)))
        {
            var shape = linear.Shape;
            var down = attachment.Declare(new($"{prefix}.{linear.Weight.Name}.a", [size, shape.InputSize], random.KaimingUniform(shape.InputSize)));
            var up = attachment.Declare(new($"{prefix}.{linear.Weight.Name}.b", [shape.OutputSize, size], InitialValues.Zero));
            attachment.Add(linear, new LowRankDelta(down, up, options.ScaleOf(size)));
        }
        return attachment;
    }

    private sealed class LowRankDelta(TrainedParameter down, TrainedParameter up, double scale) : ILinearDelta
    {
        public Tensor Apply(Tensor input, Tensor output)
        {
            // the scale goes to the rank-sized factor, the smallest tensor at hand
            var reduced = nn.functional.linear(input, down.Value.to(input.dtype));
            return output + nn.functional.linear(reduced, (up.Value * scale).to(input.dtype));
        }
    }
}
