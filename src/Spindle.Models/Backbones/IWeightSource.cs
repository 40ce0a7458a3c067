using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Where a backbone gets its weights from. Names are without the family's prefix.</summary>
public interface IWeightSource
{
    /// <summary>The SHA-256 of the weights, in lower-case hexadecimal; empty where no file holds them.</summary>
    string Fingerprint { get; }

    /// <summary>Whether an optional weight is present.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="expected">Whether a complete checkpoint has it: the answer of a source without a file.</param>
    bool Has(string name, bool expected);

    /// <summary>Gives a weight. What is wrong with it is collected for <see cref="Finish"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The wanted type.</param>
    /// <param name="shape">The required shape.</param>
    WeightSlot Take(string name, ScalarType type, params long[] shape);

    /// <summary>Gives a buffer in float32, flattened, or null where there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The required shape.</param>
    Tensor? Buffer(string name, params long[] shape);

    /// <summary>Reports everything that was wrong, once every weight has been taken.</summary>
    /// <param name="ignored">Whether a weight that was not taken may be ignored.</param>
    /// <exception cref="InvalidDataException">Weights are missing, surplus or misshapen.</exception>
    void Finish(Func<string, bool> ignored);
}
