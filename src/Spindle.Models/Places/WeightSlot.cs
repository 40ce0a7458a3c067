using Spindle.Models.Numerics;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place of one weight of a backbone: the frozen tensor of the checkpoint, or a trained parameter put in its place. Where several strategies
/// train it, those after the first add to it.</summary>
public sealed class WeightSlot : IDisposable
{
    private readonly List<TrainedParameter> differences = [];
    private TrainedParameter? trained;

    /// <summary>A slot that holds a frozen weight; the slot owns the tensor.</summary>
    /// <param name="name">The weight's name, as the checkpoint has it without its prefix.</param>
    /// <param name="frozen">The weight.</param>
    public WeightSlot(string name, Tensor frozen) => (Name, Frozen) = (name, frozen.DetachFromDisposeScope());

    /// <summary>The weight's name, as the checkpoint has it without its prefix.</summary>
    public string Name { get; }

    /// <summary>The weight of the checkpoint; never changed.</summary>
    public Tensor Frozen { get; }

    /// <summary>Whether trained parameters stand in the weight's place or are added to it.</summary>
    public bool IsTrained => trained is not null || differences.Count > 0;

    /// <summary>The weight that the forward pass reads, in the frozen weight's type.</summary>
    public Tensor Current
    {
        get
        {
            if (!IsTrained) return Frozen;
            var value = differences.Aggregate(trained?.Value ?? Frozen, (sum, difference) => sum.Plus(difference.Value));
            return value.dtype == Frozen.dtype ? value : value.to(Frozen.dtype);
        }
    }

    /// <summary>The rows of a table.</summary>
    /// <param name="ids">Which rows, <c>[batch, sequence]</c>.</param>
    /// <returns><c>[batch, sequence, hidden]</c>.</returns>
    public Tensor Rows(Tensor ids) => Current.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], -1);

    /// <summary>Puts a trained parameter in the weight's place: one that starts as the frozen weight, or, where there is one already, one that starts at zero
    /// and is added.</summary>
    /// <param name="name">The parameter's name.</param>
    internal TrainedParameter Train(string name)
    {
        var parameter = new TrainedParameter(name, Frozen.shape, trained is null ? target => target.copy_(Frozen) : InitialValues.Zero);
        Put(parameter);
        return parameter;
    }

    /// <summary>Puts a parameter that <see cref="Train"/> gave back in the weight's place, or, where there is one already, beside it.</summary>
    internal void Put(TrainedParameter parameter)
    {
        if (trained is null) trained = parameter;
        else differences.Add(parameter);
    }

    /// <summary>Takes a parameter that <see cref="Train"/> gave out of the weight's place.</summary>
    internal void Remove(TrainedParameter parameter)
    {
        if (trained == parameter) trained = null;
        else differences.Remove(parameter);
    }

    /// <inheritdoc/>
    public void Dispose() => Frozen.Dispose();
}
