using static TorchSharp.torch;

namespace Spindle.Models.Checkpoints;

/// <summary>Tensors by name in a file, or in several that belong together. Contract: what is said of a tensor was checked against the length of its
/// file before anything is allocated; a tensor is read when it is asked for, straight into its memory.</summary>
public interface ITensorFile : IDisposable
{
    /// <summary>The file; the index where there are several.</summary>
    string Path { get; }

    /// <summary>The files that hold the tensors, in ordinal order of their names.</summary>
    IReadOnlyList<string> Parts { get; }

    /// <summary>Every tensor by name.</summary>
    IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Reads a tensor; where its type or place changes, it does so piece by piece.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">The type that is wanted, or null for the file's own.</param>
    /// <param name="device">Where it is to lie, or null for the CPU.</param>
    /// <exception cref="InvalidDataException">There is no such tensor, or the file has shrunk.</exception>
    Tensor Read(string name, ScalarType? type = null, Device? device = null);
}
