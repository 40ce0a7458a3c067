using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place of one weight of a backbone: the frozen tensor of the checkpoint, or a trained parameter put in its place.</summary>
public sealed class WeightSlot : IDisposable
{
    private TrainedParameter? trained;

    /// <summary>A slot that holds a frozen weight; the slot owns the tensor.</summary>
    /// <param name="name">The weight's name, as the checkpoint has it without its prefix.</param>
    /// <param name="frozen">The weight.</param>
    public WeightSlot(string name, Tensor frozen) => (Name, Frozen) = (name, frozen.DetachFromDisposeScope());

    /// <summary>The weight's name, as the checkpoint has it without its prefix.</summary>
    public string Name { get; }

    /// <summary>The weight of the checkpoint; never changed.</summary>
    public Tensor Frozen { get; }

    /// <summary>Whether a trained parameter stands in the weight's place.</summary>
    public bool IsTrained => trained is not null;

    /// <summary>The weight that the forward pass reads, in the frozen weight's type.</summary>
    public Tensor Current => trained is null ? Frozen
        : trained.Value.dtype == Frozen.dtype ? trained.Value
        : trained.Value.to(Frozen.dtype);

    /// <summary>The rows of a table.</summary>
    /// <param name="ids">Which rows, <c>[batch, sequence]</c>.</param>
    /// <returns><c>[batch, sequence, hidden]</c>.</returns>
    public Tensor Rows(Tensor ids) => Current.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], -1);

    /// <summary>Puts a trained parameter in the weight's place.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public void Put(TrainedParameter parameter)
    {
        if (trained is not null) throw new InvalidOperationException($"{Name} is trained by {trained.Name} already");
        trained = parameter;
    }

    /// <summary>Gives the place back to the frozen weight.</summary>
    public void Restore() => trained = null;

    /// <inheritdoc/>
    public void Dispose() => Frozen.Dispose();
}
