using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Training.Settings;

namespace Spindle.Training.Specification;

/// <summary>Specifies models on one backbone from training settings.</summary>
/// <param name="BackboneName">The backbone's name, as given.</param>
/// <param name="Settings">The training settings.</param>
/// <param name="Numbering">How the layers of an encoder-decoder are numbered.</param>
/// <param name="Backbone">The backbone. Its weights are not read.</param>
/// <param name="Folder">The backbone's folder.</param>
/// <param name="Tokenizers">The tokenizers of sources and targets.</param>
internal sealed record SpecificationBuilder(
    string BackboneName, TrainingSettings Settings, LayerNumbering Numbering, IBackbone Backbone, string Folder, TokenizerPair Tokenizers)
{
    private static readonly int DefaultLength = new TrainingSettings().MaxLength;

    /// <summary>The longest sequence in tokens: the setting, of which only the default is lowered to the backbone's limit.</summary>
    /// <exception cref="InvalidDataException">The setting is above the default and the backbone's limit.</exception>
    public int MaxLength => Settings.MaxLength <= Math.Max(DefaultLength, Backbone.MaximumLength)
        ? Math.Min(Settings.MaxLength, Backbone.MaximumLength)
        : throw new InvalidDataException($"max-length {Settings.MaxLength}: {Backbone.Shape.Name} reads at most {Backbone.MaximumLength} tokens; lower it");

    /// <summary>Specifies a model of a task that trains a plan.</summary>
    /// <exception cref="InvalidDataException">The head or the backbone cannot answer the task.</exception>
    public ModelSpecification Of(TaskDefinition task, TuningPlan plan)
    {
        var head = HeadOf(task);
        return new()
        {
            Backbone = BackboneName,
            Fingerprint = Backbone.Fingerprint,
            Head = head,
            Task = task,
            MaxLength = MaxLength,
            Generation = head == HeadKind.LanguageModel ? new(Settings.MaxTargetLength, Settings.Beams) : null,
            Precision = Settings.Precision,
            Numbering = Numbering,
            Plan = plan,
        };
    }

    /// <summary>Returns how a model of a task reads its rows.</summary>
    public TaskPipeline PipelineOf(ModelSpecification specification) => TaskPipeline.Of(specification, Backbone, Folder, Tokenizers);

    /// <summary>Whether the head starts from a probe.</summary>
    /// <exception cref="InvalidDataException">A probe is asked for, but the head is the language model.</exception>
    public static bool StartsFromProbe(HeadStart start, TaskDefinition task, HeadKind head) => start switch
    {
        HeadStart.Auto => head is not (HeadKind.LanguageModel or HeadKind.Similarity),
        HeadStart.Probe when head == HeadKind.LanguageModel => throw new InvalidDataException(
            $"task '{task.Name}' is answered by the language model, which has no weights that could start from a probe; leave out 'head-start' or write 'head-start: random'"),
        _ => start == HeadStart.Probe,
    };

    private HeadKind HeadOf(TaskDefinition task)
    {
        var asked = Settings.Head;
        if (task.Kind == TaskKind.TextToText && asked is not (null or HeadKind.LanguageModel))
            throw new InvalidDataException($"task '{task.Name}' needs generated text, but a head on the hidden states generates none; leave out 'head' or write 'head: language-model'");
        if (asked == HeadKind.Similarity && !IsValueOverPairs(task))
            throw new InvalidDataException($"task '{task.Name}' does not ask for a value over pairs of texts, the only answer of a similarity head; leave out 'head' or write 'head: sentence-encoder'");
        if (asked == HeadKind.PairClassifier && !IsLabelOverPairs(task))
            throw new InvalidDataException($"task '{task.Name}' does not ask for a label over pairs of texts, the only answer of a pair classifier; leave out 'head' or write 'head: sentence-encoder'");
        var head = asked ?? DefaultHeadOf(task);
        _ = StartsFromProbe(Settings.HeadStart, task, head);
        if (head == HeadKind.LanguageModel && task.ClassWeights is not null)
            throw new InvalidDataException($"task '{task.Name}' has class weights, but is answered by the language model, whose loss counts tokens; leave out 'class-weights' or write 'head: joint'");
        return head != HeadKind.LanguageModel || Backbone is ISequenceToSequence
            ? head
            : throw ModelSpecification.NotGenerating(Backbone, $"task '{task.Name}' ");
    }

    private HeadKind DefaultHeadOf(TaskDefinition task)
    {
        if (task.Kind == TaskKind.TextToText || Backbone.Family.GeneratesByDefault) return HeadKind.LanguageModel;
        if (!HeadDefaults.IsSentenceEncoder(Folder)) return HeadKind.Joint;
        if (IsValueOverPairs(task)) return HeadKind.Similarity;
        return IsLabelOverPairs(task) && Settings.HeadStart != HeadStart.Random ? HeadKind.PairClassifier : HeadKind.SentenceEncoder;
    }

    private static bool IsValueOverPairs(TaskDefinition task) => task is { Kind: TaskKind.Regression, Pairs: true };

    private static bool IsLabelOverPairs(TaskDefinition task) => task is { Kind: TaskKind.Classification, Pairs: true };
}
