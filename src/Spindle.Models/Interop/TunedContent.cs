using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Interop;

/// <summary>A tuned model without its backbone: the strategies of each layer, their options, and every trained value. It owns its tensors.</summary>
/// <param name="Layers">The sized strategies of each tuned layer, in order of depth.</param>
/// <param name="Strategies">The options of every strategy that <paramref name="Layers"/> names, each in one line of YAML, as <see cref="StrategyConfiguration"/> writes them.</param>
/// <param name="Values">The values of the strategies by parameter name, float32.</param>
/// <param name="Head">The values of the head by parameter name, float32; empty where there is no head.</param>
public sealed record TunedContent(
    IReadOnlyList<LayerTuning> Layers,
    IReadOnlyDictionary<string, string> Strategies,
    IReadOnlyDictionary<string, Tensor> Values,
    IReadOnlyDictionary<string, Tensor> Head) : IDisposable
{
    /// <summary>The plan that has these layers.</summary>
    public TuningPlan.Sized Plan => new(null, Layers);

    /// <summary>The number of logits of the head, or null where there is no head.</summary>
    /// <param name="family">The family of the backbone.</param>
    public int? OutputsOf(IBackboneFamily family) => Head.GetValueOrDefault($"{family.HeadOutput}.weight") is { } weight ? (int)weight.shape[0] : null;

    /// <summary>Copies the stored values of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">The sized strategies of the model.</param>
    /// <param name="registry">The strategies by name, with the options that it was made with.</param>
    /// <exception cref="InvalidDataException">A strategy is unknown, or was not made from options.</exception>
    public static TunedContent Of(TunedModel model, IReadOnlyList<LayerTuning> layers, StrategyRegistry registry)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (stored, values) = (registry.Stored, model.Stored.ToArray());
        var strategies = layers.SelectMany(layer => layer.Strategies).Select(strategy => strategy.Name).Distinct().ToDictionary(
            name => name,
            name => stored.OptionsOf(name) ?? throw new InvalidDataException($"strategy '{name}' was not made from options, so no file can describe it"),
            StringComparer.Ordinal);
        var ofHead = model.SequenceHead.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        return new(layers, strategies, Copies(head: false), Copies(head: true));

        Dictionary<string, Tensor> Copies(bool head) => values
            .Where(value => ofHead.Contains(value.Name) == head)
            .ToDictionary(value => value.Name, value => value.Value.detach().cpu().clone().DetachFromDisposeScope(), StringComparer.Ordinal);
    }

    /// <summary>Copies the values into a model with the same strategies.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidDataException">A value is missing, surplus or misshapen; the model is unchanged.</exception>
    public void CopyTo(TunedModel model)
    {
        var faults = new List<string>();
        (string Name, Tensor Value)[] targets = [.. model.Parameters.Parameters.Select(parameter => (parameter.Name, parameter.Value)), .. model.Constants];
        foreach (var (name, target) in targets)
        {
            if (Find(name) is not { } value) faults.Add($"{name} is missing");
            else if (!value.shape.SequenceEqual(target.shape))
                faults.Add($"{name} is [{string.Join(", ", value.shape)}] where the model needs [{string.Join(", ", target.shape)}]");
        }
        var names = targets.Select(target => target.Name).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(Values.Keys.Concat(Head.Keys).Where(name => !names.Contains(name)).Select(name => $"{name} is surplus"));
        if (faults.Count > 0) throw new InvalidDataException($"the tuned values do not fit the model: {Faults.Join(faults)}");
        using var noGrad = no_grad();
        foreach (var (name, target) in targets) target.copy_(Find(name)!);

        Tensor? Find(string name) => Values.GetValueOrDefault(name) ?? Head.GetValueOrDefault(name);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Values.Values.Concat(Head.Values)) tensor.Dispose();
    }
}
