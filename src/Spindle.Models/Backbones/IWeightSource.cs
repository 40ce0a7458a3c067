using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Where a backbone gets its weights from. Names are without a prefix.</summary>
internal interface IWeightSource
{
    /// <summary>The SHA-256 of the weights, in lower-case hexadecimal; empty where there are none.</summary>
    string Fingerprint { get; }

    /// <summary>Whether a weight is there that not every checkpoint has.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="expected">Whether a whole checkpoint has it.</param>
    bool Has(string name, bool expected);

    /// <summary>Gives a weight; what is wrong with it is kept for <see cref="Finish"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type that is wanted.</param>
    /// <param name="shape">The shape that it must have.</param>
    WeightSlot Take(string name, ScalarType type, params long[] shape);

    /// <summary>Gives a buffer in float32, flattened, or null where there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape that it must have.</param>
    Tensor? Buffer(string name, params long[] shape);

    /// <summary>Says everything that was wrong.</summary>
    /// <param name="ignored">Whether a name that nothing took is no fault.</param>
    /// <exception cref="InvalidDataException">Weights are missing, surplus or misshapen.</exception>
    void Finish(Func<string, bool> ignored);
}
