using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Parts;

/// <summary>How much of a module is let through (Mao et al. 2022, section 3.2), a number a row: the mean, over all positions that are read at once (padding too, as AdapterHub
/// has it), of the sigmoid of a linear map of the module's input.</summary>
internal sealed class Gate
{
    private const double InitialDeviation = 0.02;

    private readonly TrainedParameter weight;
    private readonly TrainedParameter bias;

    /// <summary>Declares the gate's weight and bias.</summary>
    /// <param name="attachment">Where.</param>
    /// <param name="name">What their names begin with.</param>
    /// <param name="inputs">The size of the module's input.</param>
    /// <param name="random">Where initial values come from.</param>
    public Gate(Attachment attachment, string name, int inputs, InitialValues random)
    {
        weight = attachment.Declare(new($"{name}.gate.weight", [1, inputs], random.Normal(InitialDeviation)));
        bias = attachment.Declare(new($"{name}.gate.bias", [1], InitialValues.Zero));
    }

    /// <summary>The parameters of a gate.</summary>
    /// <param name="inputs">The size of the module's input.</param>
    public static long CountParameters(int inputs) => inputs + 1;

    /// <summary>From 0 to 1 for each row, <c>[batch, 1, 1]</c>.</summary>
    /// <param name="input">What enters the module, <c>[batch, sequence, input]</c>.</param>
    public Tensor Forward(Tensor input) =>
        nn.functional.linear(input, weight.Value.to(input.dtype), bias.Value.to(input.dtype)).sigmoid().mean([1L], keepdim: true);
}
