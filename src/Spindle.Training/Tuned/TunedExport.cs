using Spindle.Data.Tasks;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Interop;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;
using Spindle.Yaml;

namespace Spindle.Training.Tuned;

/// <summary>Hands tuned models on, to other programs and to other machines.</summary>
public static class TunedExport
{
    // the repositories that embedded backbones come from
    private static readonly Dictionary<string, string> Repositories = new(StringComparer.Ordinal) { ["minilm-l6"] = "sentence-transformers/all-MiniLM-L6-v2" };

    /// <summary>Writes a tuned folder in a form of somebody else's, or as it is.</summary>
    /// <param name="tuned">The tuned folder.</param>
    /// <param name="format">The form.</param>
    /// <param name="output">The folder to write, which must not be there yet.</param>
    /// <param name="strategies">The strategies by name.</param>
    /// <param name="backboneFolder">The backbone in place of the one that was written down, or null.</param>
    /// <exception cref="DirectoryNotFoundException">Folder or backbone are missing.</exception>
    /// <exception cref="InvalidDataException">The folder is damaged or was tuned over another backbone, the form cannot hold it, or the output is there already.</exception>
    public static void Write(string tuned, ExportFormat format, string output, StrategyRegistry strategies, string? backboneFolder)
    {
        var record = TunedFolder.Read(tuned);
        AtomicFolder.Write(output, folder =>
        {
            if (format == ExportFormat.Spindle)
            {
                CopyFiles(tuned, record, folder, backboneFolder);
                return;
            }
            if (record.Head is HeadKind.SentenceEncoder or HeadKind.Similarity)
                throw new InvalidDataException($"{tuned}: has a {(record.Head == HeadKind.Similarity ? "similarity" : "sentence encoder's")} head, which no class of HF transformers has; train it with --head joint, or export it with --format spindle");
            if (format == ExportFormat.HfPeft && record.Layers is null)
                throw new InvalidDataException($"{tuned}: every weight was trained, and HF peft holds only what stands beside a backbone; export it with --format merged");
            var (place, backbone) = ServedModel.LoadBackbone(record, backboneFolder);
            using (backbone)
            using (var model = ServedModel.Attach(tuned, record, backbone, strategies))
            {
                model.Load(TunedFolder.WeightsOf(tuned));
                if (format == ExportFormat.HfPeft) WritePeft(folder, record, backbone, model, strategies, backboneFolder ?? record.Backbone);
                else WriteMerged(folder, record, place, backbone, model);
            }
        });
    }

    private static void WritePeft(string folder, TunedRecord record, IBackbone backbone, TunedModel model, StrategyRegistry strategies, string backboneName)
    {
        using var content = TunedContent.Of(model, record.Layers!, strategies.Configure(record.Strategies));
        new ValueScale(RangeOf(record), backbone.Family.HeadOutput).ToValues(content.Head.Select(part => (part.Key, part.Value)));
        var name = Repositories.GetValueOrDefault(backboneName) ?? (Directory.Exists(backboneName) ? Path.GetFullPath(backboneName) : backboneName);
        PeftFolder.Write(folder, content, backbone, name);
    }

    private static void WriteMerged(string folder, TunedRecord record, string place, IBackbone backbone, TunedModel model)
    {
        var task = record.Task;
        new ValueScale(RangeOf(record), backbone.Family.HeadOutput).ToValues(model.Parameters.Parameters.Select(parameter => (parameter.Name, parameter.Value)));
        var regression = task.Kind == TaskKind.Regression;
        MergedCheckpoint.Write(folder, place, backbone, model, record.Head == HeadKind.LanguageModel ? null : new(regression ? ["value"] : task.Labels, regression));
    }

    private static void CopyFiles(string tuned, TunedRecord record, string folder, string? backboneFolder)
    {
        var weights = TunedFolder.WeightsOf(tuned);
        using (var file = SafetensorsFile.Open(weights))
            if (file.Metadata.GetValueOrDefault("backbone") != record.Fingerprint)
                throw new InvalidDataException($"{weights}: was trained over another backbone than {TunedFolder.RecordOf(tuned)} says; train it anew");
        File.Copy(weights, TunedFolder.WeightsOf(folder));
        if (record.Layers is { Count: > 0 } layers)
        {
            if (File.Exists(TunedFolder.DesignOf(tuned))) File.Copy(TunedFolder.DesignOf(tuned), TunedFolder.DesignOf(folder));
            else
            {
                using var outline = BackboneCatalogue.Outline(backboneFolder ?? record.Backbone, new() { Layers = record.Numbering });
                AtomicFile.WriteText(TunedFolder.DesignOf(folder), DesignYaml.Write(TunedDesign.Of(layers, outline.Layers.Count)));
            }
        }
        File.Copy(TunedFolder.RecordOf(tuned), TunedFolder.RecordOf(folder));
    }

    // as labels' logits are scaled
    private static ScoreRange? RangeOf(TunedRecord record) =>
        record is { Head: HeadKind.Joint, Task.Kind: TaskKind.Regression } ? record.Task.Range ?? new(0, 1) : null;
}
