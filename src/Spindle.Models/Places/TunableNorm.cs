using Spindle.Designs.Shapes;
using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place of one normalisation.</summary>
/// <param name="weight">The weight, <c>[hidden]</c>.</param>
/// <param name="bias">The bias, <c>[hidden]</c>, or null where the normalisation has none.</param>
public abstract class TunableNorm(WeightSlot weight, WeightSlot? bias)
{
    /// <summary>The weight, <c>[hidden]</c>.</summary>
    public WeightSlot Weight => weight;

    /// <summary>The bias, <c>[hidden]</c>, or null.</summary>
    public WeightSlot? Bias => bias;

    /// <summary>The shape of the normalisation.</summary>
    public NormShape Shape => new((int)weight.Frozen.shape[0], bias is not null);

    /// <summary>The normalisation of each lane's rows, once or not at all; it replaces this one.</summary>
    internal Attachment.Additions<IReadOnlyList<TunableNorm>> Lanes { get; } = new();

    /// <summary>Whether anything of the normalisation is trained.</summary>
    internal bool IsTuned => weight.IsTrained || bias is { IsTrained: true } || Lanes.Count > 0;

    /// <summary>Normalises over the last dimension.</summary>
    /// <param name="input"><c>[…, hidden]</c>.</param>
    public Tensor Forward(Tensor input) => Lanes.Count == 0 ? Normalise(input)
        : LaneRows.Join([.. LaneRows.Split(input, Lanes[0].Count).Zip(Lanes[0], (rows, norm) => norm.Normalise(rows))], input);

    /// <summary>Normalises residual + dropout(output) over the last dimension.</summary>
    /// <param name="residual"><c>[…, hidden]</c>.</param>
    /// <param name="output"><c>[…, hidden]</c>.</param>
    /// <param name="dropout">The dropout probability of the output, 0 in evaluation.</param>
    public HiddenStates Join(Tensor residual, Tensor output, double dropout)
    {
        if (Lanes.Count == 0) return JoinRows(residual, output, dropout);
        var (residuals, outputs) = (LaneRows.Split(residual, Lanes[0].Count), LaneRows.Split(output, Lanes[0].Count));
        HiddenStates[] joined = [.. Lanes[0].Select((norm, lane) => norm.JoinRows(residuals[lane], outputs[lane], dropout))];
        var full = LaneRows.Join([.. joined.Select(states => states.Full)], residual);
        return ReferenceEquals(joined[0].Typed, joined[0].Full) ? HiddenStates.Of(full) : new(full, LaneRows.Join([.. joined.Select(states => states.Typed)], residual));
    }

    /// <summary>The normalisation of one lane's rows.</summary>
    internal TunableNorm OfLane(int lane) => Lanes.Count == 0 ? this : Lanes[0][lane];

    /// <summary>The same normalisation with other weights.</summary>
    internal abstract TunableNorm WithSlots(WeightSlot weight, WeightSlot? bias);

    /// <summary>Normalises over the last dimension, all rows alike.</summary>
    private protected abstract Tensor Normalise(Tensor input);

    /// <summary>Normalises residual + dropout(output) over the last dimension, all rows alike.</summary>
    private protected virtual HiddenStates JoinRows(Tensor residual, Tensor output, double dropout)
    {
        var dropped = HashedDropout.Forward(output, dropout, training: true);
        return HiddenStates.Of(Normalise(residual.Plus(dropped.dtype == residual.dtype ? dropped : dropped.to(residual.dtype))));
    }

    private protected static Tensor Typed(WeightSlot slot, Tensor input) =>
        slot.Current is var value && value.dtype == input.dtype ? value : value.to(input.dtype);
}
