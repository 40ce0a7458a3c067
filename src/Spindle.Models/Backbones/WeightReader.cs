using Spindle.Designs.Shapes;
using Spindle.Models.Places;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Reads the weights of a backbone into its places: matrices in the frozen type, tables and normalisations in float32.</summary>
/// <param name="source">Where the weights come from.</param>
/// <param name="options">How the backbone is loaded.</param>
public sealed class WeightReader(IWeightSource source, BackboneOptions options)
{
    private readonly List<WeightSlot> weights = [];

    /// <summary>Every weight read so far, in the order of reading.</summary>
    public IReadOnlyList<WeightSlot> Weights => weights;

    /// <summary>Reads a table of vectors, <c>[rows, hidden]</c>.</summary>
    public WeightSlot Table(string name, int rows, int hidden) => Take(name, ScalarType.Float32, rows, hidden);

    /// <summary>Reads a linear map: <c>NAME.weight</c>, <c>[outputs, inputs]</c>, and <c>NAME.bias</c>, <c>[outputs]</c>, where it has a bias.</summary>
    public TunableLinear Linear(LinearPlace place, string name, int inputs, int outputs, bool bias = true) => new(place,
        Take($"{name}.weight", options.FrozenType, outputs, inputs), bias ? Take($"{name}.bias", options.FrozenType, outputs) : null);

    /// <summary>Reads a layer normalisation: <c>NAME.weight</c> and <c>NAME.bias</c>, <c>[hidden]</c>.</summary>
    public TunableNorm LayerNorm(string name, int hidden, double epsilon) =>
        new TunableLayerNorm(Take($"{name}.weight", ScalarType.Float32, hidden), Take($"{name}.bias", ScalarType.Float32, hidden), epsilon);

    /// <summary>Reads a root-mean-square normalisation: <c>NAME.weight</c>, <c>[hidden]</c>.</summary>
    public TunableNorm RootMeanSquareNorm(string name, int hidden, double epsilon) =>
        new TunableRootMeanSquareNorm(Take($"{name}.weight", ScalarType.Float32, hidden), epsilon);

    /// <summary>Reads a table that a checkpoint may store under several names.</summary>
    /// <param name="names">The names; the first is the one that the slot gets.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="hidden">The size of each row.</param>
    public WeightSlot Tied(IReadOnlyList<string> names, int rows, int hidden)
    {
        var held = names.FirstOrDefault(name => source.Has(name, expected: name == names[0])) ?? names[0];
        var slot = source.Take(held, ScalarType.Float32, rows, hidden);
        return Keep(held == names[0] ? slot : new(names[0], slot.Frozen));
    }

    /// <summary>Reads a table that a checkpoint may store although it is a copy of another one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="other">The other table.</param>
    /// <param name="expected">Whether a complete checkpoint has it, as a separate table.</param>
    /// <returns>The table, or null where it is absent or a copy.</returns>
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
