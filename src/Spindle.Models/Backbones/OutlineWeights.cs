using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Weights with names and shapes but no values, on the meta device, which allocates no memory.</summary>
internal sealed class OutlineWeights : IWeightSource
{
    public string Fingerprint => "";

    public bool Has(string name, bool expected) => expected;

    public WeightSlot Take(string name, ScalarType type, params long[] shape) => new(name, empty(shape, dtype: type, device: META));

    public Tensor? Buffer(string name, params long[] shape) => null;

    public void Finish(Func<string, bool> ignored)
    {
    }
}
