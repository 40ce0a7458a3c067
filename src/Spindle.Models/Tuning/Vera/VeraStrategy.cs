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
    /// <summary>The name of a layer's stored matrix that reduces inputs.</summary>
    internal const string DownName = "projection.a";

    /// <summary>The name of a layer's stored matrix that makes outputs.</summary>
    internal const string UpName = "projection.b";

    private readonly VeraOptions options = options ?? new();

    /// <inheritdoc/>
    public IStrategyCost Cost => new VeraCost(options.Places, options.Gated, options.EqualRanks == true);

    /// <inheritdoc/>
    public Attachment Attach(TuningSite site)
    {
        var attachment = new Attachment();
        TunableLinear[] linears = [.. site.Layer.LinearsAt(options.Places)];
        var slices = options.StoredProjections == true && linears.Length > 0 ? StoredSlices(site, linears, attachment) : null;
        foreach (var linear in linears)
        {
            var (shape, name, device) = (linear.Shape, $"{site.Name}.{linear.Weight.Name}", linear.Weight.Frozen.device);
            var (down, up) = slices?.Invoke(shape) ?? (Frozen("a", site.Size, shape.InputSize), Frozen("b", shape.OutputSize, site.Size));
            var inner = attachment.Declare(new($"{name}.d", [site.Size], target => target.copy_(TensorArithmetic.Full(target.shape, options.Initial, CPU))));
            var outer = attachment.Declare(new($"{name}.b", [shape.OutputSize], InitialValues.Zero));
            var delta = new VectorDelta(down, up, inner, outer, options.Dropout, site.Mode);
            attachment.Add(linear, GatedDelta.Wrap(delta, options.Gated, attachment, name, linear, site.Random));

            Tensor Frozen(string side, int outputs, int inputs) => site.Shared.Get($"vera.{options.Seed}.{side}.{outputs}.{inputs}", () => Draw(options.Seed, outputs, inputs).to(device));
        }
        return attachment;
    }

    /// <summary>A frozen random matrix: uniform within ±√(6 / inputs), He et al. 2015, as in HF peft.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="outputs">The number of rows.</param>
    /// <param name="inputs">The number of columns.</param>
    internal static Tensor Draw(int seed, int outputs, int inputs)
    {
        using var generator = new Generator((ulong)(seed + 1), CPU);
        return rand([outputs, inputs], generator: generator).Times(2).Plus(-1.0).Times(Math.Sqrt(6.0 / inputs));
    }

    private Func<LinearShape, (Tensor Down, Tensor Up)> StoredSlices(TuningSite site, TunableLinear[] linears, Attachment attachment)
    {
        var device = linears[0].Weight.Frozen.device;
        var down = Kept(DownName, site.Size, linears.Max(linear => linear.Shape.InputSize));
        var up = Kept(UpName, linears.Max(linear => linear.Shape.OutputSize), site.Size);
        // views of what is read from a folder later
        return shape => (
            site.Shared.Get($"{site.Name}.{DownName}.{shape.InputSize}", () => down.narrow(1, 0, shape.InputSize)),
            site.Shared.Get($"{site.Name}.{UpName}.{shape.OutputSize}", () => up.narrow(0, 0, shape.OutputSize)));

        Tensor Kept(string name, int outputs, int inputs)
        {
            var matrix = site.Shared.Get($"{site.Name}.{name}", () => Draw(options.Seed, outputs, inputs).to(device));
            attachment.Keep($"{site.Name}.{name}", matrix);
            return matrix;
        }
    }

    private sealed class VectorDelta(Tensor down, Tensor up, TrainedParameter inner, TrainedParameter outer, double dropout, TrainingMode mode) : ILinearDelta
    {
        public bool IsPositionWise => true;

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

    private sealed record VeraCost(IReadOnlyList<LinearPlace> Places, bool Gated, bool HasEqualSizes) : IStrategyCost
    {
        private const int LargestRank = 1024; // the paper's largest

        public string Name => "vera";

        public string SizeName => "rank";

        public string? Absence(LayerShape layer) => Parameters(layer, 1) > 0 ? null : $"it has none of VeRA's places ({string.Join(", ", Places)})";

        public int MaximumSize(LayerShape layer) => LargestRank;

        public long Parameters(LayerShape layer, int size) =>
            layer.Blocks.SelectMany(block => block.LinearsAt(Places)).Sum(linear => linear.OutputSize + size + (Gated ? Gate.CountParameters(linear.InputSize) : 0));
    }
}
