using Spindle.Data.Tasks;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Training.Evaluation;

namespace Spindle.Training.Tuned;

/// <summary>What is needed beside its weights to build a tuned model again.</summary>
public sealed record TunedDescription
{
    private const int ShortestLength = 3; // the special tokens of a pair
    private const int MostLabels = 10_000;

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

    /// <summary>How it writes, where its head is the language model; null otherwise.</summary>
    public WritingSettings? Writing { get; init; }

    /// <summary>How the layers of an encoder-decoder are numbered in <see cref="Layers"/>.</summary>
    public LayerNumbering Numbering { get; init; }

    /// <summary>The options of the strategies by name, each in one line of YAML; those of others are the defaults.</summary>
    public IReadOnlyDictionary<string, string> Strategies { get; init; } = new Dictionary<string, string>();

    /// <summary>The sized strategies of each tuned layer; null where every weight was trained.</summary>
    public IReadOnlyList<LayerTuning>? Layers { get; init; }

    /// <summary>The parameters that were trained, the head's not among them, where they are not those that <see cref="Layers"/> count: a network that made a prefix is not kept.</summary>
    public long? Trained { get; init; }

    /// <summary>The score on the validation rows it was tuned with, in points.</summary>
    public double? Score { get; init; }

    /// <summary>Attaches what is described to a backbone.</summary>
    /// <param name="backbone">The backbone; nothing else may be attached to it.</param>
    /// <param name="strategies">The strategies by name.</param>
    /// <param name="seed">The seed of initial values.</param>
    /// <exception cref="InvalidDataException">It asks for what the backbone cannot give: a layer that is not there, an unknown strategy, a size
    /// beyond what the strategy's cost allows.</exception>
    public TunedModel Attach(IBackbone backbone, StrategyRegistry strategies, long seed)
    {
        if (MaxLength > backbone.MaximumLength)
            throw new InvalidDataException($"reads {MaxLength} tokens, where {backbone.Shape.Name} reads at most {backbone.MaximumLength}");
        strategies = strategies.Configure(Strategies);
        if (Head == HeadKind.LanguageModel && backbone is not ISequenceToSequence)
            throw new InvalidDataException($"is to write, where {backbone.Shape.Name} reads and does not write; use an encoder-decoder (BART, T5)");
        if (Layers is null) return TunedModel.CreateFull(backbone, MakeHead, seed);
        foreach (var layer in Layers)
        {
            if (layer.Layer < 0 || layer.Layer >= backbone.Layers.Count)
                throw new InvalidDataException($"layer {layer.Layer} is tuned, where {backbone.Shape.Name} has {backbone.Layers.Count} layers");
            foreach (var (name, size, _) in layer.Strategies)
            {
                var cost = strategies.Find(name).Cost;
                if (cost.Absence(backbone.Layers[layer.Layer].Shape) is { } reason)
                    throw new InvalidDataException($"layer {layer.Layer} cannot be tuned by {name}: {reason}");
                if (size < 1 || size > cost.MaximumSize(backbone.Layers[layer.Layer].Shape))
                    throw new InvalidDataException($"layer {layer.Layer} is tuned by {name} of size {size}, which is beyond its range");
            }
        }
        var model = TunedModel.Create(backbone, new(Layers.Sum(layer => layer.Parameters), Layers), strategies, MakeHead, seed);
        if ((long)MaxLength + model.PositionsTaken <= backbone.MaximumLength) return model;
        var taken = model.PositionsTaken;
        model.Dispose();
        throw new InvalidDataException($"reads {MaxLength} tokens after {taken} positions of prompts or prefixes, where {backbone.Shape.Name} reads at most "
            + $"{backbone.MaximumLength}; lower the longest sequence to {Math.Max(0, backbone.MaximumLength - taken)}");

        ISequenceHead MakeHead(InitialValues random) => Head switch
        {
            HeadKind.LanguageModel => new LanguageHead(),
            HeadKind.SentenceEncoder => new SentenceEncoderHead(backbone.HiddenSize, LabelLogits.Of(Task).Outputs, Task.Pairs, random),
            _ => backbone.MakeJointHead(LabelLogits.Of(Task).Outputs, random),
        };
    }

    /// <summary>What a tuned folder says of a model that was trained as this description says: the same, but for what is needed to train alone.</summary>
    /// <param name="strategies">The strategies by name.</param>
    /// <param name="shape">The backbone's shape.</param>
    public TunedDescription ToStore(StrategyRegistry strategies, BackboneShape shape)
    {
        if (Layers is null) return this;
        var stored = strategies.Configure(Strategies).Stored;
        var layers = Layers.Select(layer => layer with
        {
            Strategies = [.. layer.Strategies.Select(strategy => strategy with
            {
                Parameters = stored.Find(strategy.Name).Cost.Parameters(shape.Layers[layer.Layer], strategy.Size),
            })],
        }).ToArray();
        var trained = Layers.Sum(layer => layer.Parameters);
        return this with
        {
            Strategies = Strategies.Keys.ToDictionary(name => name, name => stored.OptionsOf(name)!, StringComparer.Ordinal),
            Layers = layers,
            Trained = layers.Sum(layer => layer.Parameters) == trained ? Trained : trained,
        };
    }

    /// <summary>What is wrong with it whatever the backbone, or null.</summary>
    internal string? Fault()
    {
        if (!Enum.IsDefined(Head)) return "there is no such head";
        if (!Enum.IsDefined(Numbering)) return "there is no such numbering of layers";
        if (MaxLength < ShortestLength) return $"maxLength must be at least {ShortestLength}";
        switch (Task.Kind)
        {
            case TaskKind.Classification when Task.Labels.Count is < 2 or > MostLabels || Task.Labels.Contains(null!):
                return $"a classification needs from 2 to {MostLabels} labels";
            case TaskKind.Regression when Task.Range is { } range && !(range.Minimum < range.Maximum):
                return "a regression's range must rise";
            case TaskKind.TextToText when Head != HeadKind.LanguageModel:
                return "a text is written by the language model alone";
            case TaskKind.Classification or TaskKind.Regression or TaskKind.TextToText:
                break;
            default:
                return "there is no such kind of task";
        }
        if ((Head == HeadKind.LanguageModel) != (Writing is not null)) return "the language model, and no other head, needs to know how to write";
        if (Writing is { } writing && (writing.MaxLength < ShortestLength || writing.Beams < 1)) return $"maxLength of what is written must be at least {ShortestLength}, beams 1";
        if (Strategies.Values.Contains(null!)) return "the options of a strategy are null";
        if (Layers is null) return null;
        if (Layers.Any(layer => layer?.Strategies.Any(strategy => strategy is null) ?? true)) return "a layer or a strategy is null";
        if (Layers.DistinctBy(layer => layer.Layer).Count() < Layers.Count) return "a layer stands there twice";
        return Layers.Any(layer => layer.Strategies.DistinctBy(strategy => strategy.Name).Count() < layer.Strategies.Count)
            ? "a strategy stands in a layer twice"
            : null;
    }
}

/// <summary>How a model writes.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
/// <param name="Beams">Beams; 1 takes the likeliest token each time.</param>
public sealed record WritingSettings(int MaxLength, int Beams);
