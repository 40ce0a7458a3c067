using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;

namespace Spindle.Training.Tuned;

/// <summary>One tuned folder over a backbone that belongs to somebody else.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly TunedModel model;
    private readonly ExampleEncoder encoder;
    private readonly Objective objective;

    private ServedModel(TunedDescription description, TunedModel model, ExampleEncoder encoder) =>
        (Description, this.model, this.encoder, objective) = (description, model, encoder, Objective.Of(description.Task));

    public TunedDescription Description { get; }

    public static (string Folder, IBackbone Backbone) LoadBackbone(TunedDescription description, string? backboneFolder)
    {
        var place = BackboneFolder.Locate(backboneFolder ?? description.Backbone);
        return (place, BackboneCatalogue.Load(place, new() { Layers = description.Numbering }));
    }

    /// <summary>Reads a tuned folder and attaches it; nothing else may be attached to the backbone.</summary>
    public static ServedModel Load(string folder, StrategyRegistry strategies, string backboneFolder, IBackbone backbone)
    {
        var description = TunedFolder.Read(folder);
        TunedModel? model = null;
        try
        {
            model = Attach(folder, description, backbone, strategies);
            model.Load(TunedFolder.WeightsOf(folder));
            return new(description, model, new(TextTokenizers.Load(backboneFolder), description.MaxLength, description.Head == HeadKind.SentenceEncoder, backbone.VocabularySize));
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    public void Suspend() => model.Suspend();

    public void Resume() => model.Resume();

    public IReadOnlyList<Prediction> Predict(IReadOnlyList<Example> rows, CancellationToken stop) =>
        [.. new Evaluator(encoder.PaddingId).Logits(model, encoder.Encode(rows), stop)
            .Select(logits => new Prediction(objective.Predict(logits), objective.Probabilities(logits)))];

    public TaskScores Evaluate(TaskData data, CancellationToken stop)
    {
        var encoded = new EncodedTask(data.Task, [], [.. data.Validation.Select(split =>
            (split.Name, encoder.Encode([.. split.Examples.Where(example => !double.IsNaN(example.Label))])))]);
        var evaluator = new Evaluator(encoder.PaddingId);
        return TaskScores.Of(encoded, rows => [.. evaluator.Logits(model, rows, stop).Select(logits => objective.Predict(logits))]);
    }

    public void Dispose() => model.Dispose();

    private static TunedModel Attach(string folder, TunedDescription description, IBackbone backbone, StrategyRegistry strategies)
    {
        try
        {
            return description.Attach(backbone, strategies, seed: 0);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{TunedFolder.DescriptionOf(folder)}: {error.Message}", error);
        }
    }
}
