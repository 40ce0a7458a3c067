using System.Text.Json.Serialization;
using Spindle.Data.Tasks;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;
using Spindle.Training.Specification;

namespace Spindle.Training.Tuned;

/// <summary>The content of <c>tuned.json</c>: everything except the weights that is needed to build the model again.</summary>
public sealed record TunedRecord
{
    /// <summary>The format that this version writes.</summary>
    public const int CurrentFormat = 2;

    private const int ShortestTarget = 3; // two special tokens and one of the text
    private const int MostLabels = 10_000;

    /// <summary>The format; 1 if the file has none.</summary>
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

    /// <summary>How it generates text if its head is the language model; null otherwise.</summary>
    [JsonPropertyName("writing")]
    public GenerationSettings? Generation { get; init; }

    /// <summary>The precision of the frozen weights when it was trained and scored; float32 if the file names none.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>How <see cref="Layers"/> number the layers of an encoder-decoder.</summary>
    public LayerNumbering Numbering { get; init; }

    /// <summary>The options of the strategies by name, each in one line of YAML; strategies that are not listed have their defaults.</summary>
    public IReadOnlyDictionary<string, string> Strategies { get; init; } = new Dictionary<string, string>();

    /// <summary>The sized strategies of each tuned layer; null if every weight was trained.</summary>
    public IReadOnlyList<LayerTuning>? Layers { get; init; }

    /// <summary>The number of trained parameters without the head, if it differs from that of <see cref="Layers"/>: a prefix's network is trained but not kept.</summary>
    public long? Trained { get; init; }

    /// <summary>The score after training in points, on the validation rows; in a search that other rows decide, on those until the final comparison.</summary>
    public double? Score { get; init; }

    /// <summary>Creates the record of a trained model: its specification, without what only training needs.</summary>
    /// <param name="specification">The specification of the model.</param>
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
            Precision = specification.Precision,
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
        Precision = Precision,
        Numbering = Numbering,
        Strategies = Strategies,
        Plan = Layers is { } layers ? new TuningPlan.Sized(null, layers) : new TuningPlan.Full(),
    };

    /// <summary>The first fault of the record that can be found without the backbone, or null.</summary>
    internal string? Fault()
    {
        if (Format is < 1 or > CurrentFormat) return $"it has format {Format}, but this version reads formats up to {CurrentFormat}; use the version that wrote it";
        if (!Enum.IsDefined(Head)) return "the head is unknown";
        if (Precision is not (Precision.Float32 or Precision.BFloat16)) return "the precision must be float32 or bfloat16";
        if (!Enum.IsDefined(Numbering)) return "the numbering of layers is unknown";
        if (MaxLength < SequenceLimits.Shortest) return $"maxLength must be at least {SequenceLimits.Shortest}";
        switch (Task.Kind)
        {
            case TaskKind.Classification when Task.Labels.Count is < 2 or > MostLabels || Task.Labels.Contains(null!):
                return $"a classification needs 2 to {MostLabels} labels";
            case TaskKind.Regression when Task.Range is { } range && !(range.Minimum < range.Maximum):
                return "the minimum of a regression's range must be below its maximum";
            case TaskKind.TextToText when Head != HeadKind.LanguageModel:
                return "only a language model can generate text";
            case TaskKind.Classification or TaskKind.Regression or TaskKind.TextToText:
                break;
            default:
                return "the kind of task is unknown";
        }
        if (Head == HeadKind.Similarity && Task is not { Kind: TaskKind.Regression, Pairs: true }) return "a similarity head answers only with a value over pairs";
        if (Head == HeadKind.PairClassifier && Task is not { Kind: TaskKind.Classification, Pairs: true }) return "a pair classifier answers only with a label over pairs";
        if ((Head == HeadKind.LanguageModel) != (Generation is not null)) return "a language model must have generation settings under 'writing', and other heads must not";
        if (Generation is { } generation && (generation.MaxLength < ShortestTarget || generation.Beams < 1)) return $"maxLength under 'writing' must be at least {ShortestTarget}, beams 1";
        if (Strategies.Values.Contains(null!)) return "the options of a strategy are null";
        if (Layers is null) return null;
        if (Layers.Any(layer => layer?.Strategies.Any(strategy => strategy is null) ?? true)) return "a layer or a strategy is null";
        if (Layers.DistinctBy(layer => layer.Layer).Count() < Layers.Count) return "a layer is listed twice";
        return Layers.Any(layer => layer.Strategies.DistinctBy(strategy => strategy.Name).Count() < layer.Strategies.Count)
            ? "a strategy is listed twice in a layer"
            : null;
    }
}
