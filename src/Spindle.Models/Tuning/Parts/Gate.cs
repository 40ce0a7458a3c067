using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Parts;

/// <summary>A gate that scales a module's output by one number per row (Mao et al. 2022, section 3.2): the sigmoid of a linear map of the module's input, averaged over all
/// positions of the pass, including padding, as in AdapterHub.</summary>
internal sealed class Gate
{
    private const double InitialDeviation = 0.02;

    private readonly TrainedParameter weight;
    private readonly TrainedParameter bias;

    /// <summary>Declares the gate's weight and bias.</summary>
    /// <param name="attachment">The attachment that declares them.</param>
    /// <param name="name">The prefix of their names.</param>
    /// <param name="inputs">The size of the module's input.</param>
    /// <param name="random">The source of initial values.</param>
    public Gate(Attachment attachment, string name, int inputs, InitialValues random)
    {
        weight = attachment.Declare(new($"{name}.gate.weight", [1, inputs], random.Normal(InitialDeviation)));
        bias = attachment.Declare(new($"{name}.gate.bias", [1], InitialValues.Zero));
    }

    /// <summary>The number of a gate's parameters.</summary>
    /// <param name="inputs">The size of the module's input.</param>
    public static long CountParameters(int inputs) => inputs + 1;

    /// <summary>The factor of each row, from 0 to 1, <c>[batch, 1, 1]</c>.</summary>
    /// <param name="input">The module's input, <c>[batch, sequence, input]</c>.</param>
    public Tensor Forward(Tensor input) =>
        nn.functional.linear(input, weight.Value.to(input.dtype), bias.Value.to(input.dtype)).sigmoid().mean([1L], keepdim: true);
}
