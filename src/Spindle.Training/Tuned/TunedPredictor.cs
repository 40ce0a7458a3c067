using Spindle.Data.Tasks;
using Spindle.Models.Backbones;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;

namespace Spindle.Training.Tuned;

/// <summary>A tuned model from its folder, ready to predict.</summary>
public sealed class TunedPredictor : IDisposable
{
    private readonly IBackbone backbone;
    private readonly ServedModel model;

    private TunedPredictor(IBackbone backbone, ServedModel model, ServedPrecision precision) =>
        (this.backbone, this.model, Precision, Warnings) = (backbone, model, precision.Precision, precision.Warning is { } warning ? [warning] : []);

    /// <summary>The description of the model.</summary>
    public TunedRecord Record => model.Record;

    /// <summary>The precision of the frozen weights: float32 or bfloat16.</summary>
    public Precision Precision { get; }

    /// <summary>Warnings about the precision on this machine, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads a folder that <see cref="TunedFolder"/> wrote, and its backbone.</summary>
    /// <param name="folder">The folder, or a search's, whose winner is taken.</param>
    /// <param name="strategies">The strategies by name, or null for Spindle's.</param>
    /// <param name="backboneFolder">The backbone to use instead of the recorded one, or null.</param>
    /// <param name="device">The device that computes; by default the first GPU if there is one, otherwise the CPU.</param>
    /// <param name="precision">The precision of the frozen weights; by default the one that the model was trained in, or float32 where the device only emulates that.</param>
    /// <exception cref="DirectoryNotFoundException">The folder or the backbone is missing.</exception>
    /// <exception cref="FileNotFoundException">A file of the folder or of the backbone is missing.</exception>
    /// <exception cref="InvalidDataException">The folder is damaged, or was tuned on another backbone.</exception>
    public static TunedPredictor Load(string folder, StrategyRegistry? strategies = null, string? backboneFolder = null, DeviceChoice device = default, Precision? precision = null)
    {
        folder = TunedFolder.Resolve(folder);
        var record = TunedFolder.Read(folder);
        var served = ServedPrecision.On(device, record.Precision, precision);
        var (place, backbone) = ServedModel.LoadBackbone(record, backboneFolder, device, served.Precision);
        try
        {
            return new(backbone, ServedModel.Load(folder, strategies ?? StrategyRegistry.Default, place, backbone), served);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Predicts every row, in the order of the rows.</summary>
    /// <param name="rows">The rows. Labels are ignored.</param>
    /// <param name="stop">Stops at the next batch.</param>
    /// <exception cref="OperationCanceledException">The prediction was stopped.</exception>
    public IReadOnlyList<Prediction> Predict(IReadOnlyList<Example> rows, CancellationToken stop = default) => model.Predict(rows, stop);

    /// <summary>Predicts every text, in their order.</summary>
    /// <param name="texts">The texts.</param>
    /// <exception cref="InvalidOperationException">The model reads pairs of texts.</exception>
    public IReadOnlyList<Prediction> Predict(params IReadOnlyList<string> texts) => Record.Task.Pairs
        ? throw new InvalidOperationException("this model reads pairs of texts; write each as an Example with both")
        : Predict([.. texts.Select(text => new Example(text, null, double.NaN))], default(CancellationToken));

    /// <summary>Scores the model on a task's rows.</summary>
    /// <param name="data">The task with its rows. Rows without a label are left out.</param>
    /// <param name="stop">Stops at the next batch.</param>
    /// <exception cref="InvalidDataException">The rows' labels are not those that the model was tuned on.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was stopped.</exception>
    public TaskScores Evaluate(TaskData data, CancellationToken stop = default) => model.Evaluate(data, stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        model.Dispose();
        backbone.Dispose();
    }
}
