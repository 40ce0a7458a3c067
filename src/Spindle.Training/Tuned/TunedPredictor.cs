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

/// <summary>A tuned model read from its folder, ready to be asked.</summary>
public sealed class TunedPredictor : IDisposable
{
    private readonly IBackbone backbone;
    private readonly TunedModel model;
    private readonly ExampleEncoder encoder;

    private TunedPredictor(TunedDescription description, IBackbone backbone, TunedModel model, ExampleEncoder encoder) =>
        (Description, this.backbone, this.model, this.encoder) = (description, backbone, model, encoder);

    /// <summary>What the model is.</summary>
    public TunedDescription Description { get; }

    /// <summary>Reads a folder that <see cref="TunedFolder"/> wrote, over its backbone.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="strategies">The strategies by name.</param>
    /// <param name="backboneFolder">The backbone in place of the one that was written down, or null.</param>
    /// <exception cref="DirectoryNotFoundException">Folder or backbone are missing.</exception>
    /// <exception cref="InvalidDataException">The folder is damaged, or was tuned over another backbone.</exception>
    public static TunedPredictor Load(string folder, StrategyRegistry strategies, string? backboneFolder = null)
    {
        var description = TunedFolder.Read(folder);
        var place = BackboneFolder.Locate(backboneFolder ?? description.Backbone);
        var backbone = BackboneCatalogue.Load(place, new() { Layers = description.Numbering });
        TunedModel? model = null;
        try
        {
            model = Attach(folder, description, backbone, strategies);
            model.Load(TunedFolder.WeightsOf(folder));
            return new(description, backbone, model,
                new(TextTokenizers.Load(place), description.MaxLength, description.Head == HeadKind.SentenceEncoder));
        }
        catch
        {
            model?.Dispose();
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>A prediction for each row, in the order of the rows.</summary>
    /// <param name="rows">The rows; their labels are not looked at.</param>
    /// <param name="stop">Stops at the next batch.</param>
    public IReadOnlyList<Prediction> Predict(IReadOnlyList<Example> rows, CancellationToken stop = default)
    {
        var objective = Objective.Of(Description.Task);
        return [.. Logits(rows, stop).Select(logits => new Prediction(objective.Predict(logits), objective.Probabilities(logits)))];
    }

    /// <summary>Scores the model on a task's rows.</summary>
    /// <param name="data">The task with its rows; unlabelled ones are left out.</param>
    /// <param name="stop">Stops at the next batch.</param>
    public TaskScores Evaluate(TaskData data, CancellationToken stop = default)
    {
        var objective = Objective.Of(Description.Task);
        var encoded = new EncodedTask(data.Task, [], [.. data.Validation.Select(split =>
            (split.Name, encoder.Encode([.. split.Examples.Where(example => !double.IsNaN(example.Label))])))]);
        var evaluator = new Evaluator(encoder.PaddingId);
        return TaskScores.Of(encoded, rows => [.. evaluator.Logits(model, rows, stop).Select(logits => objective.Predict(logits))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        model.Dispose();
        backbone.Dispose();
    }

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

    private float[][] Logits(IReadOnlyList<Example> rows, CancellationToken stop) =>
        new Evaluator(encoder.PaddingId).Logits(model, encoder.Encode(rows), stop);
}

/// <summary>What a model says of a row.</summary>
/// <param name="Value">The class index or value.</param>
/// <param name="Probabilities">The probability of each label; empty for a regression.</param>
public sealed record Prediction(double Value, IReadOnlyList<double> Probabilities);
