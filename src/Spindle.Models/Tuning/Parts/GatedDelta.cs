using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Parts;

/// <summary>Lets part of a change to a linear map's output through. It does not merge.</summary>
internal sealed class GatedDelta(ILinearDelta delta, Gate gate) : ILinearDelta
{
    public Tensor Apply(LinearOutput context) => context.Output.Plus((delta.Apply(context) - context.Output) * gate.Forward(context.Input));

    /// <summary>The change behind a gate of its own where it is to be gated, or as it is.</summary>
    /// <param name="delta">The change.</param>
    /// <param name="gated">Whether it is to be gated.</param>
    /// <param name="attachment">Where the gate is declared.</param>
    /// <param name="name">What the gate's names begin with.</param>
    /// <param name="linear">The map.</param>
    /// <param name="random">Where initial values come from.</param>
    public static ILinearDelta Wrap(ILinearDelta delta, bool gated, Attachment attachment, string name, TunableLinear linear, InitialValues random) =>
        gated ? new GatedDelta(delta, new(attachment, name, linear.Shape.InputSize, random)) : delta;
}

/// <summary>Lets part of a change to a linear map's input through. It does not merge.</summary>
internal sealed class GatedInput(ILinearInput change, Gate gate) : ILinearInput
{
    public Tensor Apply(Tensor input) => input.Plus((change.Apply(input) - input) * gate.Forward(input));
}
