using System.Text.Json;
using Spindle.Data.Tasks;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Interop;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;

namespace Spindle.Training.Tuned;

/// <summary>Imports models that other programs tuned.</summary>
public static class TunedImport
{
    private static readonly TrainingSettings Usual = new();

    /// <summary>Converts a folder of HF peft into a tuned folder.</summary>
    /// <param name="peftFolder">The folder of HF peft. If it has no head, the backbone must generate text.</param>
    /// <param name="backboneName">The backbone that it was tuned on: an embedded one's name, a folder or a repository's name.</param>
    /// <param name="output">The folder to write. It must not exist yet.</param>
    /// <param name="strategies">The strategies by name.</param>
    /// <param name="task">The task that it was tuned on. If null, the labels come from the backbone's configuration, or the model generates text.</param>
    /// <param name="maxLength">The longest sequence in tokens, or null for the default of training, or the backbone's limit if that is smaller.</param>
    /// <returns>The record of the tuned model.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder or the backbone is missing.</exception>
    /// <exception cref="InvalidDataException">The folder is damaged, does not fit the backbone or the task, or uses a feature that no strategy has; or the output already exists.</exception>
    public static TunedRecord FromPeft(string peftFolder, string backboneName, string output, StrategyRegistry strategies, TaskDefinition? task, int? maxLength)
    {
        if (maxLength is { } given) TrainingSetting.RequireInRange(Usual with { MaxLength = given });
        var place = BackboneFolder.Locate(backboneName);
        TunedRecord? record = null;
        AtomicFolder.Write(output, folder =>
        {
            BackboneOptions options;
            using (var outline = BackboneCatalogue.Outline(place, new())) options = new() { Layers = PeftFolder.NumberingFor(peftFolder, outline) };
            using var backbone = BackboneCatalogue.Load(place, options);
            using var content = PeftFolder.Read(peftFolder, backbone);
            var outputs = content.OutputsOf(backbone.Family);
            if (outputs is null && backbone is not ISequenceToSequence)
                throw new InvalidDataException($"{peftFolder}: has no head, and {backbone.Shape.Name} does not generate text; import a model that was tuned to classify (task type SEQ_CLS)");
            record = new()
            {
                Format = TunedRecord.CurrentFormat,
                Backbone = backboneName,
                Fingerprint = backbone.Fingerprint,
                Head = outputs is null ? HeadKind.LanguageModel : HeadKind.Joint,
                Task = task is null ? TaskOf(peftFolder, place, outputs) : Fitting(task, outputs, peftFolder),
                MaxLength = 1, // until the positions that the model takes are known
                Generation = outputs is null ? new(Usual.MaxTargetLength, Usual.Beams) : null,
                Numbering = options.Layers,
                Strategies = content.Strategies,
                Layers = content.Layers,
            };
            using var model = ServedModel.Attach(peftFolder, record, backbone, strategies);
            record = record with { MaxLength = LengthOf(maxLength, backbone.MaximumLength - model.PositionsTaken, backbone.Shape.Name) };
            if (record is { Head: HeadKind.Joint, Task.Range: { } range }) new ValueScale(range, backbone.Family.HeadOutput).ToLogits(content.Head.Select(part => (part.Key, part.Value)));
            content.CopyTo(model);
            TunedFolder.Write(folder, record, model, TunedDesign.Of(content.Layers, backbone.Layers.Count));
        });
        return record!;
    }

    private static int LengthOf(int? expected, int most, string backbone) => expected > most
        ? throw new InvalidDataException($"{expected} tokens are out of range; {backbone} with this model reads at most {most}")
        : Math.Min(expected ?? Usual.MaxLength, most);

    // without a head, the model answers by generating text
    private static TaskDefinition Fitting(TaskDefinition task, int? outputs, string folder)
    {
        if (outputs is not { } given) return task;
        var expected = task.Kind switch { TaskKind.Classification => task.Labels.Count, TaskKind.Regression => 1, _ => 0 };
        return given == expected ? task : throw new InvalidDataException($"{folder}: its head has {given} logits, but {task.Name} needs {(expected > 0 ? $"{expected}" : "no head")}; name the task that it was tuned on");
    }

    private static TaskDefinition TaskOf(string folder, string place, int? outputs)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return outputs switch
        {
            null => new(name, TaskKind.TextToText, [], false, [], null),
            1 => new(name, TaskKind.Regression, [], false, [], new(-1, 1)), // logits and values are the same
            { } count => new(name, TaskKind.Classification, LabelsOf(place, count), false, [], null),
        };
    }

    // use the labels of the backbone's configuration if their number fits
    private static IReadOnlyList<string> LabelsOf(string place, int outputs)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(place, "config.json")));
        string[] usual = [.. Enumerable.Range(0, outputs).Select(label => $"LABEL_{label}")];
        if (!json.RootElement.TryGetProperty("id2label", out var known) || known.ValueKind != JsonValueKind.Object || known.GetPropertyCount() != outputs) return usual;
        return [.. usual.Select((name, label) => known.TryGetProperty($"{label}", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : name)];
    }
}
