using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;

namespace Spindle.Training.Tuned;

/// <summary>One tuned folder over a backbone that belongs to somebody else.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly TunedModel model;
    private readonly TaskReading reading;

    private ServedModel(TunedDescription description, TunedModel model, TaskReading reading) => (Description, this.model, this.reading) = (description, model, reading);

    public TunedDescription Description { get; }

    public static (string Folder, IBackbone Backbone) LoadBackbone(TunedDescription description, string? backboneFolder)
    {
        var place = Locate(description, backboneFolder);
        return (place, BackboneCatalogue.Load(place, new() { Layers = description.Numbering }));
    }

    private static string Locate(TunedDescription description, string? backboneFolder)
    {
        try
        {
            return BackboneFolder.Locate(backboneFolder ?? description.Backbone);
        }
        catch (DirectoryNotFoundException error) when (backboneFolder is null)
        {
            throw new DirectoryNotFoundException($"{error.Message}; the model was tuned over it, so if it lies elsewhere now, say where with --backbone", error);
        }
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
            return new(description, model, TaskReading.Of(description, backbone, backboneFolder, TextTokenizers.LoadPair(backboneFolder)));
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    /// <summary>Attaches what a description says, its values still to be read; the folder is for errors.</summary>
    public static TunedModel Attach(string folder, TunedDescription description, IBackbone backbone, StrategyRegistry strategies)
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

    public void Suspend() => model.Suspend();

    public void Resume() => model.Resume();

    public IReadOnlyList<Prediction> Predict(IReadOnlyList<Example> rows, CancellationToken stop) => reading.Objective.Predict(model, reading.Encode(rows), stop);

    public TaskScores Evaluate(TaskData data, CancellationToken stop)
    {
        Description.Task.RequireSameAnswers(data.Task);
        var encoded = new EncodedTask(data.Task, [], [.. data.Validation.Select(split =>
            (split.Name, reading.Encode(split.Labelled)))]);
        return TaskScores.Of(encoded, rows => reading.Objective.Predict(model, rows, stop));
    }

    public void Dispose() => model.Dispose();
}
