using Spindle.Data.Tasks;
using Spindle.Models.Backbones;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Training.Evaluation;

namespace Spindle.Training.Tuned;

/// <summary>Several tuned folders on one backbone, which is loaded once. Every row of a call names its folder. Rows of one folder share forward passes. Switching between
/// folders only exchanges the attached parameters, a few megabytes that stay in memory.</summary>
public sealed class TunedCollection : IDisposable
{
    private readonly IBackbone backbone;
    private readonly IReadOnlyList<ServedModel> models;
    private ServedModel? attached;
    private int predicting;

    private TunedCollection(IBackbone backbone, IReadOnlyList<ServedModel> models) => (this.backbone, this.models) = (backbone, models);

    /// <summary>The records of the models, in the order of their folders.</summary>
    public IReadOnlyList<TunedRecord> Records => [.. models.Select(model => model.Record)];

    /// <summary>Reads folders that <see cref="TunedFolder"/> wrote, on the backbone of the first.</summary>
    /// <param name="folders">The folders, at least one.</param>
    /// <param name="strategies">The strategies by name, or null for Spindle's.</param>
    /// <param name="backboneFolder">The backbone to use instead of the recorded one, or null.</param>
    /// <param name="device">The device that computes; by default the first GPU if there is one, otherwise the CPU.</param>
    /// <exception cref="DirectoryNotFoundException">A folder or the backbone is missing.</exception>
    /// <exception cref="InvalidDataException">A folder is damaged, or was tuned on another backbone or with another layer numbering than the first.</exception>
    public static TunedCollection Load(IReadOnlyList<string> folders, StrategyRegistry? strategies = null, string? backboneFolder = null, DeviceChoice device = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(folders.Count);
        folders = [.. folders.Select(TunedFolder.Resolve)];
        var first = TunedFolder.Read(folders[0]);
        foreach (var folder in folders.Skip(1))
            if (TunedFolder.Read(folder) is var other && (other.Fingerprint != first.Fingerprint || other.Numbering != first.Numbering))
                throw new InvalidDataException($"{folder}: was tuned on another backbone than {folders[0]}, or with another layer numbering; load it separately");
        var (place, backbone) = ServedModel.LoadBackbone(first, backboneFolder, device);
        var models = new List<ServedModel>();
        try
        {
            foreach (var folder in folders)
            {
                models.Add(ServedModel.Load(folder, strategies ?? StrategyRegistry.Default, place, backbone));
                models[^1].Suspend();
            }
            return new(backbone, models);
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
