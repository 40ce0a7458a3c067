using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;
using Spindle.Training.Specification;

namespace Spindle.Training.Tuned;

/// <summary>One tuned folder on a backbone that other folders share.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly TunedModel model;
    private readonly TaskPipeline pipeline;

    private ServedModel(TunedRecord record, TunedModel model, TaskPipeline pipeline) => (Record, this.model, this.pipeline) = (record, model, pipeline);

    public TunedRecord Record { get; }

    public static (string Folder, IBackbone Backbone) LoadBackbone(TunedRecord record, string? backboneFolder, DeviceChoice device, Precision precision)
    {
        LibtorchFolder.Use();
        var place = Locate(record, backboneFolder);
        return (place, BackboneCatalogue.Load(place, new() { FrozenType = FrozenTypes.Of(precision), Layers = record.Numbering, Device = ComputeDevices.OfMachine.Resolve(device) }));
    }

    private static string Locate(TunedRecord record, string? backboneFolder)
    {
        try
        {
            return BackboneFolder.Locate(backboneFolder ?? record.Backbone);
        }
        catch (DirectoryNotFoundException error) when (backboneFolder is null)
        {
            throw new DirectoryNotFoundException($"{error.Message}; the model was tuned on it; if it has moved, name its folder as the backbone", error);
        }
    }

    /// <summary>Reads a tuned folder and attaches it. Nothing else may be attached to the backbone.</summary>
    public static ServedModel Load(string folder, StrategyRegistry strategies, string backboneFolder, IBackbone backbone)
    {
        var record = TunedFolder.Read(folder);
        TunedModel? model = null;
        try
        {
            model = Attach(folder, record, backbone, strategies);
            model.Load(TunedFolder.WeightsPath(folder));
            var tokenizers = TextTokenizers.LoadPair(backboneFolder);
            return new(record, model, Named(folder, () => TaskPipeline.Of(record.ToSpecification(), backbone, backboneFolder, tokenizers)));
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    /// <summary>Attaches the model that a record describes, without its values. The folder is only used in errors.</summary>
    public static TunedModel Attach(string folder, TunedRecord record, IBackbone backbone, StrategyRegistry strategies) =>
        Named(folder, () => record.ToSpecification().Attach(backbone, strategies, seed: 0));

    // what does not fit is in the record
    private static T Named<T>(string folder, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{TunedFolder.RecordPath(folder)}: {error.Message}", error);
        }
    }

    public void Suspend() => model.Suspend();

    public void Resume() => model.Resume();

    public IReadOnlyList<Prediction> Predict(IReadOnlyList<Example> rows, CancellationToken stop) =>
        [.. pipeline.Objective.Predict(model, pipeline.Encode(rows), stop).Select(prediction => prediction with { Label = LabelOf(prediction) })];

    public TaskScores Evaluate(TaskData data, CancellationToken stop)
    {
        Record.Task.RequireSameAnswers(data.Task);
        var encoded = new EncodedTask(data.Task, [], [.. data.Validation.Select(split =>
            (split.Name, pipeline.Encode(split.Labelled)))]);
        return TaskScores.Of(encoded, rows => pipeline.Objective.Predict(model, rows, stop));
    }

    public void Dispose() => model.Dispose();

    private string? LabelOf(Prediction prediction) => Record.Task.Kind == TaskKind.Classification ? Record.Task.Labels.ElementAtOrDefault((int)prediction.Value) : null;
}
