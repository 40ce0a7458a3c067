using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>What a model reads: one sequence per row, or the two sentences of a pair separately.</summary>
/// <param name="First">The sequences, or the first sentences.</param>
/// <param name="Second">The second sentences where they are separate sequences, or null.</param>
public sealed record ModelInput(TokenBatch First, TokenBatch? Second)
{
    /// <summary>The target to generate, <c>[batch, target]</c>, −100 after the end of a row; null where nothing is generated.</summary>
    public Tensor? Target { get; init; }
}
