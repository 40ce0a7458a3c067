using System.Text.Json.Serialization;
using Spindle.Data.Tasks;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;
using Spindle.Training.Specification;

namespace Spindle.Training.Tuned;

/// <summary>What <c>tuned.json</c> of a tuned folder says: all that is needed beside the weights to build the model again.</summary>
public sealed record TunedRecord
{
    /// <summary>The format that this version writes.</summary>
    public const int CurrentFormat = 2;

    private const int ShortestLength = 3; // the special tokens of a pair
    private const int MostLabels = 10_000;

    /// <summary>The format; 1 where the file does not say.</summary>
    public int Format { get; init; } = 1;

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

    /// <summary>How it generates, where its head is the language model; null otherwise.</summary>
    [JsonPropertyName("writing")]
    public GenerationSettings? Generation { get; init; }

    /// <summary>How <see cref="Layers"/> number the layers of an encoder-decoder.</summary>
    public LayerNumbering Numbering { get; init; }

    /// <summary>The options of the strategies by name, each in one line of YAML; strategies that are not listed have their defaults.</summary>
    public IReadOnlyDictionary<string, string> Strategies { get; init; } = new Dictionary<string, string>();

    /// <summary>The sized strategies of each tuned layer; null where every weight was trained.</summary>
    public IReadOnlyList<LayerTuning>? Layers { get; init; }

    /// <summary>The parameters that were trained, the head excluded, where <see cref="Layers"/> count others: the network that made a prefix is not kept.</summary>
    public long? Trained { get; init; }

    /// <summary>The score on the validation rows it was tuned with, in points.</summary>
    public double? Score { get; init; }

    /// <summary>The record of a trained model: its specification, without what only training needs.</summary>
    /// <param name="specification">What was trained.</param>
    /// <param name="strategies">The strategies by name.</param>
    /// <param name="shape">The backbone's shape.</param>
    public static TunedRecord Of(ModelSpecification specification, StrategyRegistry strategies, BackboneShape shape)
    {
        var record = new TunedRecord
        {
            Format = CurrentFormat,
            Backbone = specification.Backbone,
            Fingerprint = specification.Fingerprint,
            Head = specification.Head,
            Task = specification.Task,
            MaxLength = specification.MaxLength,
            Generation = specification.Generation,
            Numbering = specification.Numbering,
            Strategies = specification.Strategies,
        };
        if (specification.Plan is not TuningPlan.Sized plan) return record;
        var stored = strategies.Configure(specification.Strategies).Stored;
        LayerTuning[] layers = [.. plan.Layers.Select(layer => layer with
        {
            Strategies = [.. layer.Strategies.Select(strategy => strategy with
            {
                Parameters = stored.Find(strategy.Name).Cost.Parameters(shape.Layers[layer.Layer], strategy.Size),
            })],
        })];
        return record with
        {
            Strategies = specification.Strategies.Keys.ToDictionary(name => name, name => stored.OptionsOf(name)!, StringComparer.Ordinal),
            Layers = layers,
            Trained = layers.Sum(layer => layer.Parameters) == plan.Parameters ? null : plan.Parameters,
        };
    }

    /// <summary>The model that the record describes.</summary>
    public ModelSpecification ToSpecification() => new()
    {
        Backbone = Backbone,
        Fingerprint = Fingerprint,
        Head = Head,
        Task = Task,
        MaxLength = MaxLength,
        Generation = Generation,
        Numbering = Numbering,
        Strategies = Strategies,
        Plan = Layers is { } layers ? new TuningPlan.Sized(null, layers) : new TuningPlan.Full(),
    };

    /// <summary>What is wrong with it whatever the backbone, or null.</summary>
    internal string? Fault()
    {
        if (Format is < 1 or > CurrentFormat) return $"it has format {Format}, and this version reads format {CurrentFormat} and older; use the version that wrote it";
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
                return "only the language model can generate a text";
            case TaskKind.Classification or TaskKind.Regression or TaskKind.TextToText:
                break;
            default:
                return "there is no such kind of task";
        }
        if (Head == HeadKind.Similarity && Task is not { Kind: TaskKind.Regression, Pairs: true }) return "a similarity head answers only with a value over pairs";
        if ((Head == HeadKind.LanguageModel) != (Generation is not null)) return "the language model, and no other head, needs settings of its generation under 'writing'";
        if (Generation is { } generation && (generation.MaxLength < ShortestLength || generation.Beams < 1)) return $"maxLength under 'writing' must be at least {ShortestLength}, beams 1";
        if (Strategies.Values.Contains(null!)) return "the options of a strategy are null";
        if (Layers is null) return null;
        if (Layers.Any(layer => layer?.Strategies.Any(strategy => strategy is null) ?? true)) return "a layer or a strategy is null";
        if (Layers.DistinctBy(layer => layer.Layer).Count() < Layers.Count) return "a layer is listed twice";
        return Layers.Any(layer => layer.Strategies.DistinctBy(strategy => strategy.Name).Count() < layer.Strategies.Count)
            ? "a strategy is listed twice in a layer"
            : null;
    }
}
