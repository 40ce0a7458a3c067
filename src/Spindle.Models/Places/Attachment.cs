using System.Collections;
using Spindle.Models.Parameters;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>What a strategy has added to places. Only an attachment changes places, and disposing it undoes every change.</summary>
public sealed class Attachment : IDisposable
{
    private readonly List<TrainedParameter> parameters = [];
    private readonly List<(Action Add, Action Remove)> changes = [];
    private readonly Dictionary<TrainedParameter, IReadOnlyList<(string Name, Func<Tensor> Value)>> stored = [];
    private readonly List<(string Name, Tensor Value)> constants = [];
    private bool inPlace = true;

    private interface IChangeable<T>
    {
        void Add(T item);

        void Remove(T item);
    }

    /// <summary>The declared parameters, in order of declaration.</summary>
    public IReadOnlyList<TrainedParameter> Parameters => parameters;

    /// <summary>What a tuned folder stores, by name, in order: the parameters, or what was named in their place, then the constants.</summary>
    public IEnumerable<(string Name, Func<Tensor> Value)> Stored =>
    [
        .. parameters.SelectMany(parameter => stored.GetValueOrDefault(parameter) ?? [(parameter.Name, () => parameter.Value)]),
        .. constants.Select(constant => (constant.Name, (Func<Tensor>)(() => constant.Value))),
    ];

    /// <summary>Tensors that are not trained, but stored in a tuned folder and read from it, by name.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Constants => constants;

    /// <summary>Declares a parameter.</summary>
    public TrainedParameter Declare(TrainedParameter parameter)
    {
        parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Names what a tuned folder stores in place of some parameters.</summary>
    /// <param name="replaced">Declared parameters, at least one.</param>
    /// <param name="replacements">What is stored instead, by name.</param>
    public void StoreInstead(IReadOnlyList<TrainedParameter> replaced, IReadOnlyList<(string Name, Func<Tensor> Value)> replacements)
    {
        foreach (var parameter in replaced) stored[parameter] = [];
        stored[replaced[0]] = replacements;
    }

    /// <summary>Adds a constant. It does not belong to the attachment, and must live as long.</summary>
    public void Keep(string name, Tensor constant) => constants.Add((name, constant));

    /// <summary>Takes over the parameters and changes of another attachment.</summary>
    public void Include(Attachment part)
    {
        parameters.AddRange(part.parameters);
        foreach (var (parameter, replacements) in part.stored) stored.Add(parameter, replacements);
        constants.AddRange(part.constants);
        changes.Add((part.Resume, part.Suspend));
    }

    /// <summary>Trains a weight; where another attachment trains it already, trains a difference to it that starts at zero.</summary>
    public void Train(WeightSlot slot, string name)
    {
        var isDifference = slot.Trained.Any(trained => !trained.IsDifference);
        var parameter = Declare(new(name, slot.Frozen.shape, isDifference ? InitialValues.Zero : target => target.copy_(slot.Frozen)));
        Add(slot.Trained, new TrainedWeight(parameter, isDifference));
    }

    /// <summary>Gives a linear map without bias one that starts at zero.</summary>
    public void AddBias(TunableLinear linear, string name) =>
        Add(linear.AddedBiases, Declare(new(name, [linear.Shape.OutputSize], InitialValues.Zero)));

    /// <summary>Changes the input of a linear map.</summary>
    public void Add(TunableLinear linear, ILinearInput change) => Add(linear.Inputs, change);

    /// <summary>Changes the output of a linear map.</summary>
    public void Add(TunableLinear linear, ILinearDelta delta) => Add(linear.Deltas, delta);

    /// <summary>Changes the output of a sublayer.</summary>
    public void Add(Sublayer sublayer, ISublayerInsertion insertion) => Add(sublayer.Insertions, insertion);

    /// <summary>Puts keys and values before those of an attention.</summary>
    public void Add(TunableAttention attention, IKeyValuePrefix prefix) => Add(attention.Prefixes, prefix);

    /// <summary>Puts prompts before a block's tokens.</summary>
    public void Add(TunableInput input, TrainedParameter prompts) => Add(input.Prompts, prompts);

    /// <summary>Gives each lane a normalisation for its rows.</summary>
    internal void Add(TunableNorm norm, IReadOnlyList<TunableNorm> lanes) => Add(norm.Lanes, lanes);

    /// <summary>Puts keys and values of each lane before those of its rows.</summary>
    internal void Add(TunableAttention attention, IReadOnlyList<IReadOnlyList<IKeyValuePrefix>> lanes) => Add(attention.Lanes, lanes);

    /// <summary>Trains a weight with a parameter of another attachment.</summary>
    internal void Train(WeightSlot slot, TrainedWeight trained) => Add(slot.Trained, trained);

    /// <summary>Undoes every change, the last first, until <see cref="Resume"/>.</summary>
    public void Suspend()
    {
        if (inPlace)
            for (var index = changes.Count - 1; index >= 0; index--) changes[index].Remove();
        inPlace = false;
    }

    /// <summary>Makes every change again, in the original order.</summary>
    public void Resume()
    {
        if (!inPlace)
            foreach (var (add, _) in changes) add();
        inPlace = true;
    }

    /// <summary>Undoes every change for good.</summary>
    public void Dispose()
    {
        Suspend();
        changes.Clear();
    }

    private void Add<T>(Additions<T> place, T item)
    {
        IChangeable<T> changeable = place;
        changeable.Add(item);
        changes.Add((() => changeable.Add(item), () => changeable.Remove(item)));
    }

    /// <summary>What attachments have added at one point of a place, the first added first. Nothing else can change it.</summary>
    /// <typeparam name="T">What is added.</typeparam>
    public sealed class Additions<T> : IReadOnlyList<T>, IChangeable<T>
    {
        private readonly List<T> items = [];

        /// <inheritdoc/>
        public int Count => items.Count;

        /// <inheritdoc/>
        public T this[int index] => items[index];

        /// <inheritdoc/>
        public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        void IChangeable<T>.Add(T item) => items.Add(item);

        void IChangeable<T>.Remove(T item) => items.Remove(item);
    }
}
