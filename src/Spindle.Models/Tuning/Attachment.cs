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

    /// <summary>Trains a weight, or a difference to it where another strategy trains it already.</summary>
    public void Train(WeightSlot slot, string name)
    {
        var parameter = Declare(slot.Train(name));
        removals.Push(() => slot.Remove(parameter));
    }

    /// <summary>Gives a linear map without bias one that starts at zero.</summary>
    public void AddBias(TunableLinear linear, string name) =>
        Insert(linear.AddedBiases, Declare(new(name, [linear.Shape.OutputSize], InitialValues.Zero)));

    /// <summary>Changes a linear map's input.</summary>
    public void Add(TunableLinear linear, ILinearInput change) => Insert(linear.Inputs, change);

    /// <summary>Changes a linear map's output.</summary>
    public void Add(TunableLinear linear, ILinearDelta delta) => Insert(linear.Deltas, delta);

    /// <summary>Changes a sublayer's output.</summary>
    public void Add(Sublayer sublayer, ISublayerInsertion insertion) => Insert(sublayer.Insertions, insertion);

    /// <summary>Puts keys and values before an attention's own.</summary>
    public void Add(TunableAttention attention, IKeyValuePrefix prefix) => Insert(attention.Prefixes, prefix);

    /// <summary>Gives every place back, last taken first.</summary>
    public void Dispose()
    {
        while (removals.TryPop(out var remove)) remove();
    }

    private void Insert<TInsertion>(IList<TInsertion> place, TInsertion insertion)
    {
        place.Add(insertion);
        removals.Push(() => place.Remove(insertion));
    }
}
