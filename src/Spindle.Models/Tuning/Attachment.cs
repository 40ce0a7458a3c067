using Spindle.Models.Places;

namespace Spindle.Models.Tuning;

/// <summary>What a strategy has put into places, and how it is taken out again.</summary>
public sealed class Attachment : IDisposable
{
    private readonly List<TrainedParameter> parameters = [];
    private readonly Stack<Action> removals = new();

    /// <summary>The parameters that were declared, in order.</summary>
    public IReadOnlyList<TrainedParameter> Parameters => parameters;

    /// <summary>Declares a parameter.</summary>
    public TrainedParameter Declare(TrainedParameter parameter)
    {
        parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Puts a declared parameter, which starts as the frozen weight, in a weight's place.</summary>
    public void Train(WeightSlot slot, string name)
    {
        slot.Put(Declare(new(name, slot.Frozen.shape, target => target.copy_(slot.Frozen))));
        removals.Push(slot.Restore);
    }

    /// <summary>Gives a linear map without bias one that starts at zero.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public void AddBias(TunableLinear linear, string name)
    {
        if (linear.AddedBias is not null) throw new InvalidOperationException($"{linear.Weight.Name} has an added bias already");
        linear.AddedBias = Declare(new(name, [linear.Shape.OutputSize], InitialValues.Zero));
        removals.Push(() => linear.AddedBias = null);
    }

    /// <summary>Adds to a linear map's output.</summary>
    public void Add(TunableLinear linear, ILinearDelta delta)
    {
        linear.Deltas.Add(delta);
        removals.Push(() => linear.Deltas.Remove(delta));
    }

    /// <summary>Changes a sublayer's output.</summary>
    public void Add(Sublayer sublayer, ISublayerInsertion insertion)
    {
        sublayer.Insertions.Add(insertion);
        removals.Push(() => sublayer.Insertions.Remove(insertion));
    }

    /// <summary>Puts keys and values before an attention's own.</summary>
    /// <exception cref="InvalidOperationException">There are some already.</exception>
    public void Add(TunableAttention attention, IKeyValuePrefix prefix)
    {
        if (attention.Prefix is not null) throw new InvalidOperationException("the attention has a prefix already");
        attention.Prefix = prefix;
        removals.Push(() => attention.Prefix = null);
    }

    /// <summary>Gives every place back, last taken first.</summary>
    public void Dispose()
    {
        while (removals.TryPop(out var remove)) remove();
    }
}
