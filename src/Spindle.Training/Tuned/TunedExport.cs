using Spindle.Data.Tasks;
using Spindle.Designs.Text;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Devices;
using Spindle.Models.Interop;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;
using Spindle.Yaml;

namespace Spindle.Training.Tuned;

/// <summary>Exports tuned models to other programs and other machines.</summary>
public static class TunedExport
{
    /// <summary>Exports a tuned folder in another program's format, or unchanged.</summary>
    /// <param name="tuned">The tuned folder.</param>
    /// <param name="format">The format.</param>
    /// <param name="output">The folder to write. It must not exist yet.</param>
    /// <param name="strategies">The strategies by name, or null for Spindle's.</param>
    /// <param name="backboneFolder">The backbone to use instead of the recorded one, or null.</param>
    /// <exception cref="DirectoryNotFoundException">The folder or the backbone is missing.</exception>
    /// <exception cref="InvalidDataException">The folder is damaged or was tuned on another backbone, the format cannot represent the model, or the output already exists.</exception>
    public static void Write(string tuned, ExportFormat format, string output, StrategyRegistry? strategies = null, string? backboneFolder = null)
    {
        strategies ??= StrategyRegistry.Default;
        tuned = TunedFolder.Resolve(tuned);
        var record = TunedFolder.Read(tuned);
        AtomicFolder.Write(output, folder =>
        {
            if (format == ExportFormat.Spindle)
            {
                CopyFiles(tuned, record, folder, backboneFolder);
                return;
            }
            var isSentenceEncoder = record.Head.IsSentenceEncoder();
            if (isSentenceEncoder && format != ExportFormat.SentenceTransformers)
                throw new InvalidDataException($"{tuned}: has {Named(record.Head)}, which HF transformers does not support; train or tune it again with the head 'joint', or export it in the format 'sentence-transformers' or 'spindle'");
            if (!isSentenceEncoder && format == ExportFormat.SentenceTransformers)
                throw new InvalidDataException($"{tuned}: has the head '{KebabCase.From(record.Head)}', which is not one of a sentence encoder; export it in the format 'merged' or 'hf-peft'");
            if (format == ExportFormat.HfPeft && record.Layers is null)
                throw new InvalidDataException($"{tuned}: every weight was trained, but HF peft only stores parameters that are added to a backbone; export it in the format 'merged'");
            var (place, backbone) = ServedModel.LoadBackbone(record, backboneFolder, DeviceChoice.Cpu, Precision.Float32);
            using (backbone)
            using (var model = ServedModel.Attach(tuned, record, backbone, strategies))
            {
                model.Load(TunedFolder.WeightsPath(tuned));
                if (format == ExportFormat.HfPeft) WritePeft(folder, record, backbone, model, strategies, backboneFolder ?? record.Backbone);
                else if (format == ExportFormat.SentenceTransformers) SentenceTransformersFolder.Write(folder, place, backbone, model, AnswersOf(record.Task), record.MaxLength);
                else WriteMerged(folder, record, place, backbone, model);
            }
            ModelCard.Put(folder, ModelCard.Write(record, format, format == ExportFormat.SentenceTransformers ? SentenceTransformersFolder.Usage : null));
        });
    }

    /// <summary>What a user should know about the exports of models with a head before training one, in one sentence; null where there is nothing.</summary>
    /// <param name="head">The head.</param>
    public static string? Limitation(HeadKind head) => head.IsSentenceEncoder()
        ? $"no class of HF transformers has the head '{KebabCase.From(head)}': the model can be exported for sentence-transformers, but not for HF peft or as a merged checkpoint; if you need those, train it with the head 'joint'"
        : null;

    private static string Named(HeadKind head) => head switch
    {
        HeadKind.Similarity => "a similarity head",
        HeadKind.PairClassifier => "a pair classifier's head",
        _ => "the head of a sentence encoder",
    };

    private static HeadAnswers AnswersOf(TaskDefinition task) => task.Kind == TaskKind.Regression
        ? new([], task.Pairs, (task.Range ?? new(0, 1)).Minimum, (task.Range ?? new(0, 1)).Maximum)
        : new(task.Labels, task.Pairs, 0, 0);

    private static void WritePeft(string folder, TunedRecord record, IBackbone backbone, TunedModel model, StrategyRegistry strategies, string backboneName)
    {
        using var content = TunedContent.Of(model, record.Layers!, strategies.Configure(record.Strategies));
        new ValueScale(RangeOf(record), backbone.Family.HeadOutput).ToValues(content.Head.Select(part => (part.Key, part.Value)));
        var name = BackboneFolder.RepositoryOf(backboneName) ?? (Directory.Exists(backboneName) ? Path.GetFullPath(backboneName) : backboneName);
        PeftFolder.Write(folder, content, backbone, name, MergedCheckpoint.IsMergeable(backbone, model, record.Head != HeadKind.LanguageModel));
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
        var weights = TunedFolder.WeightsPath(tuned);
        using (var file = SafetensorsFile.Open(weights))
            if (file.Metadata.GetValueOrDefault("backbone") != record.Fingerprint)
                throw new InvalidDataException($"{weights}: was trained on another backbone than {TunedFolder.RecordPath(tuned)} names; train it again");
        File.Copy(weights, TunedFolder.WeightsPath(folder));
        if (record.Layers is { Count: > 0 } layers)
        {
            if (File.Exists(TunedFolder.DesignPath(tuned))) File.Copy(TunedFolder.DesignPath(tuned), TunedFolder.DesignPath(folder));
            else
            {
                using var outline = BackboneCatalogue.Outline(backboneFolder ?? record.Backbone, new() { Layers = record.Numbering });
                AtomicFile.WriteText(TunedFolder.DesignPath(folder), DesignYaml.Write(TunedDesign.Of(layers, outline.Layers.Count)));
            }
        }
        ModelCard.Put(folder, ModelCard.Write(record, ExportFormat.Spindle));
        File.Copy(TunedFolder.RecordPath(tuned), TunedFolder.RecordPath(folder));
    }

    // on the scale of the logits
    private static ScoreRange? RangeOf(TunedRecord record) =>
        record is { Head: HeadKind.Joint, Task.Kind: TaskKind.Regression } ? record.Task.Range ?? new(0, 1) : null;
}
