using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Parts;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Vera;

/// <summary>VeRA (Kopiczko et al. 2024): W x becomes W x + b ∘ B (d ∘ A x), with random frozen matrices A and B, shared by all maps of the same shape, and trained vectors d and b.</summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class VeraStrategy(VeraOptions? options = null) : ITuningStrategy
{
    private readonly VeraOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => new VeraCost(options.Places, options.Gated);

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        foreach (var linear in site.Layer.LinearsAt(options.Places))
        {
            var (shape, name, device) = (linear.Shape, $"{site.Name}.{linear.Weight.Name}", linear.Weight.Frozen.device);
            var down = Frozen("a", site.Size, shape.InputSize);
            var up = Frozen("b", shape.OutputSize, site.Size);
            var inner = attachment.Declare(new($"{name}.d", [site.Size], target => target.copy_(TensorArithmetic.Full(target.shape, options.Initial, CPU))));
            var outer = attachment.Declare(new($"{name}.b", [shape.OutputSize], InitialValues.Zero));
            var delta = new VectorDelta(down, up, inner, outer, options.Dropout, site.Mode);
            attachment.Add(linear, GatedDelta.Wrap(delta, options.Gated, attachment, name, linear, site.Random));

            Tensor Frozen(string side, int outputs, int inputs) => site.Shared.Get($"vera.{options.Seed}.{side}.{outputs}.{inputs}", () => Draw(outputs, inputs).to(device));
        }
        return attachment;
    }

    // uniform within ±√(6 / inputs), He et al. 2015, as in HF peft
    private Tensor Draw(int outputs, int inputs)
    {
        using var generator = new Generator((ulong)(options.Seed + 1), CPU);
        return rand([outputs, inputs], generator: generator).Times(2).Plus(-1.0).Times(Math.Sqrt(6.0 / inputs));
    }

    private sealed class VectorDelta(Tensor down, Tensor up, TrainedParameter inner, TrainedParameter outer, double dropout, TrainingMode mode) : ILinearDelta
    {
        public Tensor Apply(LinearOutput context)
        {
            var input = mode.IsOn && dropout > 0 ? nn.functional.dropout(context.Input, dropout, true) : context.Input;
            var type = input.dtype;
            var reduced = nn.functional.linear(input, down.to(type)) * inner.Value.to(type);
            return context.Output.Plus(nn.functional.linear(reduced, up.to(type)) * outer.Value.to(type));
        }

        public LinearWeights Merge(LinearWeights original, LinearWeights merged) =>
            merged with { Weight = merged.Weight.Plus((outer.Value.unsqueeze(1) * up).matmul(inner.Value.unsqueeze(1) * down)) };
    }

    private sealed record VeraCost(IReadOnlyList<LinearPlace> Places, bool Gated) : IStrategyCost
    {
        private const int LargestRank = 1024; // the paper's largest

        public string Name => "vera";

        public string SizeName => "rank";

        public string? Absence(LayerShape layer) => Parameters(layer, 1) > 0 ? null : $"it has none of VeRA's places ({string.Join(", ", Places)})";

        public int MaximumSize(LayerShape layer) => LargestRank;

        public long Parameters(LayerShape layer, int size) =>
            layer.Blocks.SelectMany(block => block.Linears).Where(linear => Places.Contains(linear.Place)).Sum(linear => linear.OutputSize + size + (Gated ? Gate.CountParameters(linear.InputSize) : 0));
    }
}
