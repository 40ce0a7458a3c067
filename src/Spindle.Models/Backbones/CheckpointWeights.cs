using Spindle.Models.Checkpoints;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The weights of a checkpoint.</summary>
internal sealed class CheckpointWeights(Checkpoint checkpoint, Device device) : IWeightSource
{
    public string Fingerprint => checkpoint.Fingerprint;

    public bool Has(string name, bool expected) => checkpoint.Has(name);

    public WeightSlot Take(string name, ScalarType type, params long[] shape) => checkpoint.Take(name, type, device, shape);

    public Tensor? Buffer(string name, params long[] shape) => checkpoint.Buffer(name, device, shape);

    public void Finish(Func<string, bool> ignored) => checkpoint.Finish(ignored);
}
