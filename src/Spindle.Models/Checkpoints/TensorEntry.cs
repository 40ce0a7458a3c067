using static TorchSharp.torch;

namespace Spindle.Models.Checkpoints;

/// <summary>Where a tensor lies in a file.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Start">Its first byte, from the start of the file's data.</param>
/// <param name="Length">The bytes from its first to its last, both among them.</param>
public sealed record TensorEntry(ScalarType Type, IReadOnlyList<long> Shape, long Start, long Length)
{
    /// <summary>How many elements lie between neighbours along each dimension; null where the elements lie one after the other, the last dimension innermost.</summary>
    public IReadOnlyList<long>? Strides { get; init; }

    // shapes are checked so that their product fits
    internal long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
