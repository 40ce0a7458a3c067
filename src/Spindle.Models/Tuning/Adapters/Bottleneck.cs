using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning.Parts;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>A bottleneck adapter: hidden → bottleneck → hidden.</summary>
/// <param name="Down">The down-projection.</param>
/// <param name="Up">The up-projection.</param>
/// <param name="Options">Activation, scaling and dropout.</param>
/// <param name="Mode">Whether the model is in training.</param>
/// <param name="Gate">The gate, or null for none.</param>
internal sealed record Bottleneck(Func<Tensor, Tensor> Down, Func<Tensor, Tensor> Up, AdapterOptions Options, TrainingMode Mode, Gate? Gate)
{
    /// <summary>What the adapter adds, <c>[batch, sequence, hidden]</c>.</summary>
    public Tensor Forward(Tensor input)
    {
        var added = Up(Activate(Down(input)));
        if (Mode.IsOn && Options.Dropout > 0) added = Kernels.HashedDropout.Forward(added, Options.Dropout, true);
        if (Gate is not null) added *= Gate.Forward(input);
        return Options.Scaling == 1 ? added : added.Times(Options.Scaling);
    }

    private Tensor Activate(Tensor input) => Options.Activation switch
    {
        AdapterActivation.Relu => nn.functional.relu(input),
        AdapterActivation.Gelu => Kernels.Gelu.Forward(input),
        AdapterActivation.Swish => nn.functional.silu(input),
        _ => throw new InvalidOperationException($"no activation {Options.Activation}"),
    };
}

/// <summary>A linear map of a bottleneck.</summary>
/// <param name="Weight"><c>[output, input]</c>.</param>
/// <param name="Bias"><c>[output]</c>.</param>
internal sealed record BottleneckMap(TrainedParameter Weight, TrainedParameter Bias)
{
    /// <summary>Applies the map in the input's type.</summary>
    public Tensor Apply(Tensor input) => nn.functional.linear(input, Weight.Value.to(input.dtype), Bias.Value.to(input.dtype));
}
