using Spindle.Designs.Shapes;
using Spindle.Models.Places;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Reads the weights of a backbone into its places: matrices in the frozen type, tables and normalisations in float32.</summary>
/// <param name="source">Where the weights come from.</param>
/// <param name="options">How the backbone is loaded.</param>
internal sealed class WeightReader(IWeightSource source, BackboneOptions options)
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

    /// <summary>A table that the checkpoint may hold under several names, being one; its own is the first.</summary>
    public WeightSlot Tied(IReadOnlyList<string> names, int rows, int hidden)
    {
        var held = names.FirstOrDefault(name => source.Has(name, expected: name == names[0])) ?? names[0];
        var slot = source.Take(held, ScalarType.Float32, rows, hidden);
        return Keep(held == names[0] ? slot : new(names[0], slot.Frozen));
    }

    /// <summary>A table that the checkpoint may hold though it is another's copy; null where it is not there, or is a copy.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="other">The other.</param>
    /// <param name="expected">Whether a whole checkpoint has it, and as a table of its own.</param>
    public WeightSlot? Untied(string name, WeightSlot other, bool expected)
    {
        if (!source.Has(name, expected)) return null;
        var slot = source.Take(name, ScalarType.Float32, other.Frozen.shape);
        using var scope = NewDisposeScope();
        if (expected || slot.Frozen.numel() != other.Frozen.numel() || !slot.Frozen.eq(other.Frozen).all().ToBoolean()) return Keep(slot);
        slot.Dispose();
        return null;
    }

    private WeightSlot Take(string name, ScalarType type, params long[] shape) => Keep(source.Take(name, type, shape));

    private WeightSlot Keep(WeightSlot slot)
    {
        weights.Add(slot);
        return slot;
    }
}
