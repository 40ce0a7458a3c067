using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Parts;

/// <summary>Scales a change to a linear map's output by a gate. It cannot be merged.</summary>
internal sealed class GatedDelta(ILinearDelta delta, Gate gate) : ILinearDelta
{
    public Tensor Apply(LinearOutput context) => context.Output.Plus((delta.Apply(context) - context.Output) * gate.Forward(context.Input));

    /// <summary>Puts a gate before a change, or gives the change unchanged.</summary>
    /// <param name="delta">The change.</param>
    /// <param name="gated">Whether to add the gate.</param>
    /// <param name="attachment">The attachment that declares the gate.</param>
    /// <param name="name">The prefix of the gate's names.</param>
    /// <param name="linear">The map.</param>
    /// <param name="random">The source of initial values.</param>
    public static ILinearDelta Wrap(ILinearDelta delta, bool gated, Attachment attachment, string name, TunableLinear linear, InitialValues random) =>
        gated ? new GatedDelta(delta, new(attachment, name, linear.Shape.InputSize, random)) : delta;
}

/// <summary>Scales a change to a linear map's input by a gate. It cannot be merged.</summary>
internal sealed class GatedInput(ILinearInput change, Gate gate) : ILinearInput
{
    public Tensor Apply(Tensor input) => input.Plus((change.Apply(input) - input) * gate.Forward(input));
}
