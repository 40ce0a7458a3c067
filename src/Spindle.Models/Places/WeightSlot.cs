using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place of one weight of a backbone: the frozen tensor of the checkpoint, and the trained parameters that replace it or are added to it.</summary>
public sealed class WeightSlot : IDisposable
{
    private Tensor? joint;

    /// <summary>A slot for a frozen weight; the slot owns the tensor.</summary>
    /// <param name="name">The weight's name in the checkpoint, without the prefix.</param>
    /// <param name="frozen">The weight.</param>
    public WeightSlot(string name, Tensor frozen) => (Name, Frozen) = (name, frozen.DetachFromDisposeScope());

    /// <summary>The weight's name in the checkpoint, without the prefix.</summary>
    public string Name { get; }

    /// <summary>The weight of the checkpoint; never changed.</summary>
    public Tensor Frozen { get; private set; }

    /// <summary>The trained parameters of the weight.</summary>
    public Attachment.Additions<TrainedWeight> Trained { get; } = new();

    /// <summary>Whether the weight is trained.</summary>
    public bool IsTrained => Trained.Count > 0;

    /// <summary>The weight that the forward pass reads, in the frozen weight's type.</summary>
    public Tensor Current
    {
        get
        {
            if (!IsTrained) return Frozen;
            var value = With(Trained);
            return value.dtype == Frozen.dtype ? value : value.to(Frozen.dtype);
        }
    }

    /// <summary>The weight with some trained parameters.</summary>
    /// <param name="trained">The parameters, the first attached first.</param>
    internal Tensor With(IReadOnlyList<TrainedWeight> trained) => trained.Where(weight => weight.IsDifference).Aggregate(
        trained.FirstOrDefault(weight => !weight.IsDifference)?.Parameter.Value ?? Frozen, (sum, difference) => sum.Plus(difference.Parameter.Value));

    /// <summary>Another slot of the same frozen weight, which stays this slot's.</summary>
    internal WeightSlot Borrow() => new(Name, Frozen);

    /// <summary>Rows of a table.</summary>
    /// <param name="ids">The row numbers, <c>[batch, sequence]</c>.</param>
    /// <returns><c>[batch, sequence, hidden]</c>.</returns>
    public Tensor Rows(Tensor ids)
    {
        var (table, flat) = (Current, ids.flatten());
        // libtorch's meta device, which only knows shapes, has no index_select
        var rows = table.device_type == DeviceType.META ? table.index(flat) : table.index_select(0, flat);
        return rows.view(ids.shape[0], ids.shape[1], -1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Frozen.Dispose();
        joint?.Dispose();
    }

    /// <summary>Moves frozen weights into one tensor, one after the other.</summary>
    /// <param name="slots">The slots; null for a missing weight.</param>
    /// <returns>The tensor, which belongs to the first slot; null where a weight is missing, or two cannot lie in one tensor.</returns>
    internal static Tensor? Join(IReadOnlyList<WeightSlot?> slots)
    {
        if (slots.Any(slot => slot is null || slot.joint is not null) || slots.Distinct().Count() < slots.Count) return null;
        Tensor[] weights = [.. slots.Select(slot => slot!.Frozen)];
        if (weights.Any(weight => weight.dtype != weights[0].dtype || weight.device_type != weights[0].device_type
            || !weight.shape.AsSpan(1).SequenceEqual(weights[0].shape.AsSpan(1)))) return null;
        using var noGrad = no_grad();
        var joint = cat(weights, 0).DetachFromDisposeScope();
        var start = 0L;
        foreach (var slot in slots)
        {
            var count = slot!.Frozen.shape[0];
            slot.Frozen.Dispose();
            slot.Frozen = joint.narrow(0, start, count).DetachFromDisposeScope();
            start += count;
        }
        return slots[0]!.joint = joint;
    }
}

/// <summary>A trained parameter of a weight.</summary>
/// <param name="Parameter">The parameter, of the weight's shape.</param>
/// <param name="IsDifference">Whether it is added to the weight; otherwise it replaces the frozen weight.</param>
public sealed record TrainedWeight(TrainedParameter Parameter, bool IsDifference);
