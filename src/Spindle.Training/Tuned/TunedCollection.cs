using Spindle.Data.Tasks;
using Spindle.Models.Backbones;
using Spindle.Models.Tuning;
using Spindle.Training.Evaluation;

namespace Spindle.Training.Tuned;

/// <summary>Several tuned folders over one backbone, which is read once. Every row of a call names its folder; rows of one folder share forward passes, and going from
/// folder to folder exchanges what is attached, megabytes that stay in memory.</summary>
public sealed class TunedCollection : IDisposable
{
    private readonly IBackbone backbone;
    private readonly IReadOnlyList<ServedModel> models;
    private ServedModel? attached;

    private TunedCollection(IBackbone backbone, IReadOnlyList<ServedModel> models) => (this.backbone, this.models) = (backbone, models);

    /// <summary>What the models are, in the order of their folders.</summary>
    public IReadOnlyList<TunedRecord> Records => [.. models.Select(model => model.Record)];

    /// <summary>Reads folders that <see cref="TunedFolder"/> wrote, over the backbone of the first.</summary>
    /// <param name="folders">The folders, at least one.</param>
    /// <param name="strategies">The strategies by name.</param>
    /// <param name="backboneFolder">The backbone in place of the one that was written down, or null.</param>
    /// <exception cref="DirectoryNotFoundException">A folder or the backbone are missing.</exception>
    /// <exception cref="InvalidDataException">A folder is damaged, or was tuned over another backbone or with other layers than the first.</exception>
    public static TunedCollection Load(IReadOnlyList<string> folders, StrategyRegistry strategies, string? backboneFolder = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(folders.Count);
        folders = [.. folders.Select(TunedFolder.Resolve)];
        var first = TunedFolder.Read(folders[0]);
        foreach (var folder in folders.Skip(1))
            if (TunedFolder.Read(folder) is var other && (other.Fingerprint != first.Fingerprint || other.Numbering != first.Numbering))
                throw new InvalidDataException($"{folder}: was tuned over another backbone than {folders[0]}, or with its layers numbered otherwise; serve it apart");
        var (place, backbone) = ServedModel.LoadBackbone(first, backboneFolder);
        var models = new List<ServedModel>();
        try
        {
            foreach (var folder in folders)
            {
                models.Add(ServedModel.Load(folder, strategies, place, backbone));
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

    /// <summary>A prediction for each row, in the order of the rows.</summary>
    /// <param name="rows">Each row with the zero-based number of the folder that is to answer it; labels are not looked at.</param>
    /// <param name="stop">Stops at the next batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such folder.</exception>
    public IReadOnlyList<Prediction> Predict(IReadOnlyList<(int Folder, Example Row)> rows, CancellationToken stop = default)
    {
        foreach (var (folder, _) in rows) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)folder, (uint)models.Count, nameof(rows));
        var predictions = new Prediction[rows.Count];
        // the folder that is attached already goes first
        foreach (var group in Enumerable.Range(0, rows.Count).GroupBy(row => rows[row].Folder).OrderBy(group => models[group.Key] == attached ? 0 : 1))
        {
            Attach(models[group.Key]);
            foreach (var (row, prediction) in group.Zip(attached!.Predict([.. group.Select(row => rows[row].Row)], stop))) predictions[row] = prediction;
        }
        return predictions;
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
