using Spindle.Data.Tasks;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;

namespace Spindle.Training.Specification;

/// <summary>Everything that determines a tuned model except its weights: backbone, head, task and plan.</summary>
public sealed record ModelSpecification
{
    /// <summary>The backbone's name, or its folder.</summary>
    public required string Backbone { get; init; }

    /// <summary>The SHA-256 of the backbone's weights.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The head.</summary>
    public required HeadKind Head { get; init; }

    /// <summary>The task.</summary>
    public required TaskDefinition Task { get; init; }

    /// <summary>The longest sequence in tokens.</summary>
    public required int MaxLength { get; init; }

    /// <summary>How it generates text if its head is the language model; null otherwise.</summary>
    public GenerationSettings? Generation { get; init; }

    /// <summary>The precision of the frozen weights.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>How the plan numbers the layers of an encoder-decoder.</summary>
    public LayerNumbering Numbering { get; init; }

    /// <summary>The options of the strategies by name, each in one line of YAML; strategies that are not listed have their defaults.</summary>
    public IReadOnlyDictionary<string, string> Strategies { get; init; } = new Dictionary<string, string>();

    /// <summary>What is trained.</summary>
    public required TuningPlan Plan { get; init; }

    /// <summary>Builds the model on a backbone, with initial values.</summary>
    /// <param name="backbone">The backbone. Nothing else may be attached to it.</param>
    /// <param name="strategies">The strategies by name.</param>
    /// <param name="seed">The seed of initial values.</param>
    /// <exception cref="InvalidDataException">The specification needs something that the backbone lacks: a layer or enough positions. Or it has an unknown strategy or a size
    /// outside the range that the strategy's cost allows.</exception>
    public TunedModel Attach(IBackbone backbone, StrategyRegistry strategies, long seed)
    {
        if (MaxLength > backbone.MaximumLength)
            throw new InvalidDataException($"reads {MaxLength} tokens, but {backbone.Shape.Name} reads at most {backbone.MaximumLength}");
        if (Head == HeadKind.LanguageModel && backbone is not ISequenceToSequence)
            throw NotGenerating(backbone);
        strategies = strategies.Configure(Strategies);
        if (Plan is TuningPlan.Sized sized) RequireSizes(sized, backbone, strategies);
        var model = TunedModel.Create(backbone, Plan, strategies, MakeHead, seed);
        if ((long)MaxLength + model.PositionsTaken <= backbone.MaximumLength) return model;
        var taken = model.PositionsTaken;
        model.Dispose();
        throw new InvalidDataException($"reads {MaxLength} tokens after {taken} positions of prompts or prefixes, but {backbone.Shape.Name} reads at most "
            + $"{backbone.MaximumLength}; lower the longest sequence to {Math.Max(0, backbone.MaximumLength - taken)}");

        ISequenceHead MakeHead(InitialValues random) => Head switch
        {
            HeadKind.LanguageModel => new LanguageHead(),
            HeadKind.SentenceEncoder => new SentenceEncoderHead(backbone.HiddenSize, LabelLogits.Of(Task).Outputs, Task.Pairs, random),
            HeadKind.PairClassifier => new PairClassifierHead(backbone.HiddenSize, LabelLogits.Of(Task).Outputs, random),
            HeadKind.Similarity => new SimilarityHead(backbone.HiddenSize),
            _ => backbone.MakeJointHead(LabelLogits.Of(Task).Outputs, random),
        };
    }

    /// <summary>The error of a backbone that cannot generate text.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="subject">What needs it, followed by a blank; empty if the message continues another one.</param>
    internal static InvalidDataException NotGenerating(IBackbone backbone, string subject = "") =>
        new($"{subject}needs a backbone that generates text, but {backbone.Shape.Name} does not; use an encoder-decoder (BART, T5)");

    private static void RequireSizes(TuningPlan.Sized plan, IBackbone backbone, StrategyRegistry strategies)
    {
        foreach (var layer in plan.Layers)
        {
            if (layer.Layer < 0 || layer.Layer >= backbone.Layers.Count)
                throw new InvalidDataException($"layer {layer.Layer} is tuned, but {backbone.Shape.Name} has {backbone.Layers.Count} layers");
            foreach (var (name, size, _) in layer.Strategies)
            {
                var (cost, shape) = (strategies.Find(name).Cost, backbone.Layers[layer.Layer].Shape);
                if (cost.Absence(shape) is { } reason) throw new InvalidDataException($"layer {layer.Layer} cannot be tuned by {name}: {reason}");
                if (size < 1 || size > cost.MaximumSize(shape))
                    throw new InvalidDataException($"layer {layer.Layer} is tuned by {name} with size {size}, which is out of range");
            }
        }
    }
}
