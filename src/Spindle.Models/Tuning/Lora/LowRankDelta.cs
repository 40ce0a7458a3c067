using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using Spindle.Models.Tuning.Parts;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Lora;

/// <summary>Adds scale · B A x to a linear map's output.</summary>
/// <param name="down">A, <c>[rank, input]</c>.</param>
/// <param name="up">B, <c>[output, rank]</c>.</param>
/// <param name="scale">The scale.</param>
/// <param name="dropout">The dropout probability of the input.</param>
/// <param name="mode">Whether the model is in training.</param>
/// <param name="gate">The gate, or null for none.</param>
internal sealed class LowRankDelta(TrainedParameter down, TrainedParameter up, double scale, double dropout, TrainingMode mode, Gate? gate) : ILinearDelta
{
    public bool IsPositionWise => gate is null;

    public Tensor Apply(LinearOutput context)
    {
        var input = mode.IsOn && dropout > 0 ? Kernels.HashedDropout.Forward(context.Input, dropout, true) : context.Input;
        var reduced = nn.functional.linear(input, down.Value.to(input.dtype));
        // scaling this factor is cheaper than scaling the output
        var difference = nn.functional.linear(reduced, up.Value.Times(scale).to(input.dtype));
        return context.Output.Plus(gate is null ? difference : difference * gate.Forward(context.Input));
    }

    public LinearWeights? Merge(LinearWeights original, LinearWeights merged) =>
        gate is null ? merged with { Weight = merged.Weight.Plus(up.Value.matmul(down.Value).Times(scale)) } : null;
}
