using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using static TorchSharp.torch;

namespace Spindle.Models.Interop;

/// <summary>The head in a checkpoint.</summary>
public static class CheckpointHead
{
    /// <summary>Loads the values of a head from a checkpoint.</summary>
    /// <param name="folder">A folder in the Hub's layout.</param>
    /// <param name="head">The family's head; its parameters are in a buffer.</param>
    /// <exception cref="FileNotFoundException">The folder holds no weights.</exception>
    /// <exception cref="InvalidDataException">The checkpoint has no such head.</exception>
    public static void Read(string folder, ISequenceHead head)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var file = WeightFiles.Open(folder);
        var faults = head.Parameters.Where(parameter => !file.Tensors.TryGetValue(parameter.Name, out var entry) || !entry.Shape.SequenceEqual(parameter.Shape))
            .Select(parameter => $"{parameter.Name} [{string.Join(", ", parameter.Shape)}] is missing").ToArray();
        if (faults.Length > 0) throw new InvalidDataException($"{file.Path}: has no such head: {Faults.Join(faults)}");
        foreach (var parameter in head.Parameters) parameter.Value.copy_(file.Read(parameter.Name));
    }
}
