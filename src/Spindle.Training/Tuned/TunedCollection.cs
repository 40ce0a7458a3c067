using Spindle.Data.Tasks;
using Spindle.Designs.Text;
using Spindle.Models.Backbones;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;

namespace Spindle.Training.Tuned;

/// <summary>Several tuned folders on one backbone, which is loaded once. Every row of a call names its folder. Rows of one folder share forward passes. Switching between
/// folders only exchanges the attached parameters, a few megabytes that stay in memory.</summary>
public sealed class TunedCollection : IDisposable
{
    private readonly IBackbone backbone;
    private readonly IReadOnlyList<ServedModel> models;
    private ServedModel? attached;
    private int predicting;

    private TunedCollection(IBackbone backbone, IReadOnlyList<ServedModel> models, ServedPrecision precision) =>
        (this.backbone, this.models, Precision, Warnings) = (backbone, models, precision.Precision, precision.Warning is { } warning ? [warning] : []);

    /// <summary>The records of the models, in the order of their folders.</summary>
    public IReadOnlyList<TunedRecord> Records => [.. models.Select(model => model.Record)];

    /// <inheritdoc cref="TunedPredictor.Precision"/>
    public Precision Precision { get; }

    /// <inheritdoc cref="TunedPredictor.Warnings"/>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads folders that <see cref="TunedFolder"/> wrote, on the backbone of the first.</summary>
    /// <param name="folders">The folders, at least one.</param>
    /// <param name="strategies">The strategies by name, or null for Spindle's.</param>
    /// <param name="backboneFolder">The backbone to use instead of the recorded one, or null.</param>
    /// <param name="device">The device that computes; by default the first GPU if there is one, otherwise the CPU.</param>
    /// <param name="precision">The precision of the frozen weights; by default the one that the models were trained in, or float32 where the device only emulates that.</param>
    /// <exception cref="DirectoryNotFoundException">A folder or the backbone is missing.</exception>
    /// <exception cref="InvalidDataException">A folder is damaged, or was tuned on another backbone or with another layer numbering than the first; or no precision is given, and it was trained in another one.</exception>
    public static TunedCollection Load(IReadOnlyList<string> folders, StrategyRegistry? strategies = null, string? backboneFolder = null, DeviceChoice device = default, Precision? precision = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(folders.Count);
        folders = [.. folders.Select(TunedFolder.Resolve)];
        var first = TunedFolder.Read(folders[0]);
        var served = ServedPrecision.On(device, first.Precision, precision);
        foreach (var folder in folders.Skip(1))
        {
            var other = TunedFolder.Read(folder);
            if (other.Fingerprint != first.Fingerprint || other.Numbering != first.Numbering)
                throw new InvalidDataException($"{folder}: was tuned on another backbone than {folders[0]}, or with another layer numbering; load it separately");
            if (ServedPrecision.On(device, other.Precision, precision).Precision != served.Precision)
                throw new InvalidDataException($"{folder}: was tuned in {KebabCase.From(other.Precision)}, but {folders[0]} in {KebabCase.From(first.Precision)}; load it separately, or ask for one precision for all");
        }
        var (place, backbone) = ServedModel.LoadBackbone(first, backboneFolder, device, served.Precision);
        var models = new List<ServedModel>();
        try
        {
            foreach (var folder in folders)
            {
                models.Add(ServedModel.Load(folder, strategies ?? StrategyRegistry.Default, place, backbone));
                models[^1].Suspend();
            }
            return new(backbone, models, served);
        }
        catch
        {
            foreach (var model in models) model.Dispose();
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Predicts every row, in the order of the rows.</summary>
    /// <param name="rows">Each row with the zero-based index of its folder. Labels are ignored.</param>
    /// <param name="stop">Stops at the next batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not that of a folder.</exception>
    /// <exception cref="InvalidOperationException">Another thread is predicting with this collection.</exception>
    /// <exception cref="OperationCanceledException">The prediction was stopped.</exception>
    public IReadOnlyList<Prediction> Predict(IReadOnlyList<(int Folder, Example Row)> rows, CancellationToken stop = default)
    {
        foreach (var (folder, _) in rows) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)folder, (uint)models.Count, nameof(rows));
        if (Interlocked.Exchange(ref predicting, 1) == 1) throw new InvalidOperationException("this collection is already predicting in another thread; wait for it");
        try
        {
            var predictions = new Prediction[rows.Count];
            // start with the folder that is already attached
            foreach (var group in Enumerable.Range(0, rows.Count).GroupBy(row => rows[row].Folder).OrderBy(group => models[group.Key] == attached ? 0 : 1))
            {
                Attach(models[group.Key]);
                foreach (var (row, prediction) in group.Zip(attached!.Predict([.. group.Select(row => rows[row].Row)], stop))) predictions[row] = prediction;
            }
            return predictions;
        }
        finally
        {
            Volatile.Write(ref predicting, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in models) model.Dispose();
        backbone.Dispose();
    }

    private void Attach(ServedModel model)
    {
        if (model == attached) return;
        attached?.Suspend();
        attached = model;
        model.Resume();
    }
}
