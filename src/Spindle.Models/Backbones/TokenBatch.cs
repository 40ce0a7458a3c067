using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Padded token sequences, each tensor <c>[batch, sequence]</c>, int64.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="Mask">1 for a token, 0 for padding.</param>
/// <param name="TypeIds">The segment of each token, or null where all are of segment 0.</param>
public sealed record TokenBatch(Tensor Ids, Tensor Mask, Tensor? TypeIds)
{
    /// <summary>The same tokens in the CPU's memory, so that nobody waits for another device to read them; null where only the tensors of this batch hold them.</summary>
    public TokenBatch? OnHost { get; init; }

    /// <summary>The number of lanes, whose rows follow one another and have the same tokens.</summary>
    internal int Lanes { get; init; } = 1;
}
