using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The states of the residual stream, and the same in the type of the linear maps that read them.</summary>
/// <param name="Full">The states, float32, <c>[batch, sequence, hidden]</c>.</param>
/// <param name="Typed">The states as the next linear maps read them; <paramref name="Full"/> itself where these take any type.</param>
public readonly record struct HiddenStates(Tensor Full, Tensor Typed)
{
    /// <summary>States that are not converted yet.</summary>
    public static HiddenStates Of(Tensor states) => new(states, states);
}
