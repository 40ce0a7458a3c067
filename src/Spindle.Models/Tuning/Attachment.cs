using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning;

/// <summary>What a strategy has put into places, and how it is taken out again.</summary>
public sealed class Attachment : IDisposable
{
    private readonly List<TrainedParameter> parameters = [];
    private readonly List<(Action Put, Action Remove)> changes = [];
    private readonly Dictionary<TrainedParameter, IReadOnlyList<(string Name, Func<Tensor> Value)>> stored = [];
    private bool inPlace = true;

    /// <summary>The parameters that were declared, in order.</summary>
    public IReadOnlyList<TrainedParameter> Parameters => parameters;

    /// <summary>What a tuned folder keeps, by name, in order: the parameters, or what was put in their place.</summary>
    public IEnumerable<(string Name, Func<Tensor> Value)> Stored =>
        parameters.SelectMany(parameter => stored.GetValueOrDefault(parameter) ?? [(parameter.Name, () => parameter.Value)]);

    /// <summary>Declares a parameter.</summary>
    public TrainedParameter Declare(TrainedParameter parameter)
    {
        parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Has a tuned folder keep something else than some of the parameters.</summary>
    /// <param name="instead">Parameters that were declared.</param>
    /// <param name="kept">What is kept of them, by name.</param>
    public void StoreInstead(IReadOnlyList<TrainedParameter> instead, IReadOnlyList<(string Name, Func<Tensor> Value)> kept)
    {
        foreach (var parameter in instead) stored[parameter] = [];
        stored[instead[0]] = kept;
    }

    /// <summary>Takes over what another attachment has declared and put into places.</summary>
    public void Include(Attachment part)
    {
        parameters.AddRange(part.parameters);
        foreach (var (parameter, kept) in part.stored) stored.Add(parameter, kept);
        changes.Add((part.Resume, part.Suspend));
    }

    /// <summary>Trains a weight, or a difference to it where another strategy trains it already.</summary>
    public void Train(WeightSlot slot, string name)
    {
        var parameter = Declare(slot.Train(name));
        changes.Add((() => slot.Put(parameter), () => slot.Remove(parameter)));
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

    /// <summary>Puts prompts before a block's tokens.</summary>
    public void Add(TunableInput input, TrainedParameter prompts) => Insert(input.Prompts, prompts);

    /// <summary>Gives every place back, last taken first, until <see cref="Resume"/>.</summary>
    public void Suspend()
    {
        if (inPlace)
            for (var index = changes.Count - 1; index >= 0; index--) changes[index].Remove();
        inPlace = false;
    }

    /// <summary>Takes every place again, in the order in which they were taken first.</summary>
    public void Resume()
    {
        if (!inPlace)
            foreach (var (put, _) in changes) put();
        inPlace = true;
    }

    /// <summary>Gives every place back for good.</summary>
    public void Dispose()
    {
        Suspend();
        changes.Clear();
    }

    private void Insert<TInsertion>(IList<TInsertion> place, TInsertion insertion)
    {
        place.Add(insertion);
        changes.Add((() => place.Add(insertion), () => place.Remove(insertion)));
    }
}
