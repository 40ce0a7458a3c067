using System.Security.Cryptography;
using Spindle.Designs.Shapes;
using Spindle.Models.Checkpoints;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Reads the weights of a backbone into its places: matrices in the frozen type, tables and normalisations in float32.</summary>
/// <param name="checkpoint">The checkpoint.</param>
/// <param name="options">How the backbone is loaded.</param>
internal sealed class WeightReader(Checkpoint checkpoint, BackboneOptions options)
{
    private readonly List<WeightSlot> weights = [];

    public IReadOnlyList<WeightSlot> Weights => weights;

    public WeightSlot Table(string name, int rows, int hidden) => Take(name, ScalarType.Float32, rows, hidden);

    public TunableLinear Linear(LinearPlace place, string name, int inputs, int outputs, bool bias = true) => new(place,
        Take($"{name}.weight", options.FrozenType, outputs, inputs), bias ? Take($"{name}.bias", options.FrozenType, outputs) : null);

    public TunableNorm LayerNorm(string name, int hidden, double epsilon) =>
        new TunableLayerNorm(Take($"{name}.weight", ScalarType.Float32, hidden), Take($"{name}.bias", ScalarType.Float32, hidden), epsilon);

    public TunableNorm RootMeanSquareNorm(string name, int hidden, double epsilon) =>
        new TunableRootMeanSquareNorm(Take($"{name}.weight", ScalarType.Float32, hidden), epsilon);

    /// <summary>A table that the checkpoint may hold under several names, being one.</summary>
    public WeightSlot Tied(IReadOnlyList<string> names, int rows, int hidden)
    {
        var held = names.FirstOrDefault(checkpoint.Has) ?? names[0];
        return Take(held, ScalarType.Float32, rows, hidden);
    }

    public string Fingerprint()
    {
        using var file = File.OpenRead(checkpoint.Path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private WeightSlot Take(string name, ScalarType type, params long[] shape)
    {
        var slot = checkpoint.Take(name, type, options.Device, shape);
        weights.Add(slot);
        return slot;
    }
}
