using Spindle.Designs.Plans;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Interop;

/// <summary>A tuned model apart from its backbone: what tunes each layer, with which options, and every trained value. It owns its tensors.</summary>
/// <param name="Layers">The sized strategies of each tuned layer, in order of depth.</param>
/// <param name="Strategies">The options of every strategy that <paramref name="Layers"/> names, each in one line of YAML, as <see cref="StrategyConfiguration"/> writes them.</param>
/// <param name="Values">The strategies' values by their parameters' names, float32.</param>
/// <param name="Head">The head's values by their parameters' names, float32; none where there is no head.</param>
public sealed record TunedContent(
    IReadOnlyList<LayerTuning> Layers,
    IReadOnlyDictionary<string, string> Strategies,
    IReadOnlyDictionary<string, Tensor> Values,
    IReadOnlyDictionary<string, Tensor> Head) : IDisposable
{
    /// <summary>The plan that has these layers.</summary>
    public TuningPlan.Sized Plan => new(null, Layers);

    /// <summary>The number of logits that the head gives, or null where there is no head.</summary>
    public int? Outputs => Head.FirstOrDefault(part => part.Key is "classifier.weight" || part.Key.EndsWith(".out_proj.weight", StringComparison.Ordinal)).Value is { } weight
        ? (int)weight.shape[0]
        : null;

    /// <summary>Copies what a model stores.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">The sized strategies that it was made of.</param>
    /// <param name="registry">The strategies by name, with the options that it was made with.</param>
    /// <exception cref="InvalidDataException">A strategy is not known, or is made of something else than options.</exception>
    public static TunedContent Of(TunedModel model, IReadOnlyList<LayerTuning> layers, StrategyRegistry registry)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (stored, values) = (registry.Stored, model.Stored.ToArray());
        var strategies = layers.SelectMany(layer => layer.Strategies).Select(strategy => strategy.Name).Distinct().ToDictionary(
            name => name,
            name => stored.OptionsOf(name) ?? throw new InvalidDataException($"strategy '{name}' is not made of options, and no file can hold it"),
            StringComparer.Ordinal);
        var ofHead = model.SequenceHead.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        return new(layers, strategies, Copies(head: false), Copies(head: true));

        Dictionary<string, Tensor> Copies(bool head) => values
            .Where(value => ofHead.Contains(value.Name) == head)
            .ToDictionary(value => value.Name, value => value.Value.detach().cpu().clone().DetachFromDisposeScope(), StringComparer.Ordinal);
    }

    /// <summary>Gives the values to a model that was made of the same strategies.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidDataException">A value is missing, surplus or misshapen; the model is left as it was.</exception>
    public void CopyTo(TunedModel model)
    {
        var faults = new List<string>();
        var parameters = model.Parameters.Parameters;
        foreach (var parameter in parameters)
        {
            if (Find(parameter.Name) is not { } value) faults.Add($"{parameter.Name} is missing");
            else if (!value.shape.SequenceEqual(parameter.Shape))
                faults.Add($"{parameter.Name} is [{string.Join(", ", value.shape)}] where the model needs [{string.Join(", ", parameter.Shape)}]");
        }
        var names = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(Values.Keys.Concat(Head.Keys).Where(name => !names.Contains(name)).Select(name => $"{name} is surplus"));
        if (faults.Count > 0) throw new InvalidDataException($"the tuned values do not fit the model: {Faults.Join(faults)}");
        using var noGrad = no_grad();
        foreach (var parameter in parameters) parameter.Value.copy_(Find(parameter.Name)!);

        Tensor? Find(string name) => Values.GetValueOrDefault(name) ?? Head.GetValueOrDefault(name);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Values.Values.Concat(Head.Values)) tensor.Dispose();
    }
}
