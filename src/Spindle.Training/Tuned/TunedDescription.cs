using Spindle.Data.Tasks;
using Spindle.Designs.Budgets;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Training.Evaluation;

namespace Spindle.Training.Tuned;

/// <summary>What is needed beside its weights to build a tuned model again.</summary>
public sealed record TunedDescription
{
    /// <summary>The backbone's name, or its folder.</summary>
    public required string Backbone { get; init; }

    /// <summary>The SHA-256 of the backbone's weights.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The head.</summary>
    public required HeadKind Head { get; init; }

    /// <summary>The task that it was tuned on.</summary>
    public required TaskDefinition Task { get; init; }

    /// <summary>The longest sequence in tokens.</summary>
    public required int MaxLength { get; init; }

    /// <summary>The sized strategies of each tuned layer; null where every weight was trained.</summary>
    public IReadOnlyList<LayerTuning>? Layers { get; init; }

    /// <summary>The score on the validation rows it was tuned with, in points.</summary>
    public double? Score { get; init; }

    /// <summary>Attaches what is described to a backbone.</summary>
    /// <param name="backbone">The backbone; nothing else may be attached to it.</param>
    /// <param name="strategies">The strategies by name.</param>
    /// <param name="seed">The seed of initial values.</param>
    /// <exception cref="InvalidDataException">A strategy is unknown, or a layer is not there.</exception>
    public TunedModel Attach(IBackbone backbone, StrategyRegistry strategies, long seed)
    {
        var outputs = Objective.Of(Task).Outputs;
        if (Layers is null) return TunedModel.CreateFull(backbone, MakeHead, seed);
        if (Layers.FirstOrDefault(layer => layer.Layer < 0 || layer.Layer >= backbone.Layers.Count) is { } absent)
            throw new InvalidDataException($"layer {absent.Layer} is tuned, where {backbone.Shape.Name} has {backbone.Layers.Count} layers");
        return TunedModel.Create(backbone, new(Layers.Sum(layer => layer.Parameters), Layers), strategies, MakeHead, seed);

        ISequenceHead MakeHead(InitialValues random) => Head == HeadKind.SentenceEncoder
            ? new SentenceEncoderHead(backbone.HiddenSize, outputs, Task.Pairs, random)
            : new JointHead(backbone.HiddenSize, outputs, random);
    }
}
