using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Random weights: matrices and tables normally distributed, norms at 1, biases at 0. Each is created in its final type, so that building a
/// backbone takes no extra memory.</summary>
internal sealed class RandomWeights(Device device, long seed) : IWeightSource, IDisposable
{
    private const double Deviation = 0.02;

    private readonly Generator generator = new((ulong)seed, device);

    public string Fingerprint => "";

    public bool Has(string name, bool expected) => expected;

    public WeightSlot Take(string name, ScalarType type, params long[] shape)
    {
        using var noGrad = no_grad();
        var values = empty(shape, dtype: type, device: device);
        if (shape.Length > 1) values.normal_(0, Deviation, generator);
        else if (name.EndsWith(".bias", StringComparison.Ordinal)) values.zero_();
        else values.copy_(ones(shape));
        return new(name, values);
    }

    public Tensor? Buffer(string name, params long[] shape) => null;

    public void Finish(Func<string, bool> ignored)
    {
    }

    public void Dispose() => generator.Dispose();
}
