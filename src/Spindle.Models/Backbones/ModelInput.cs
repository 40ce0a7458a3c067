using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>What a model reads: one sequence a row, or the two sentences of a pair apart.</summary>
/// <param name="First">The sequences, or the first sentences.</param>
/// <param name="Second">The second sentences where they are sequences of their own, or null.</param>
public sealed record ModelInput(TokenBatch First, TokenBatch? Second)
{
    /// <summary>What is to be written, <c>[batch, target]</c>, −100 where a row has ended; null where nothing is.</summary>
    public Tensor? Target { get; init; }
}
