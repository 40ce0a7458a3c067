using System.Globalization;
using System.Text;
using Spindle.Data.Tasks;
using Spindle.Designs.Text;
using Spindle.Hub;
using Spindle.Models.Checkpoints;
using Spindle.Yaml;

namespace Spindle.Training.Tuned;

/// <summary>The model card of a tuned or exported folder: a README with the metadata that the Hugging Face Hub reads
/// (its documentation, <i>Model Cards</i>). It names no path of the machine that wrote it.</summary>
public static class ModelCard
{
    /// <summary>The file in a model's folder.</summary>
    public const string File = "README.md";

    /// <summary>Writes the card of a folder. A README that is not a card of Spindle's stays as it is.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="card">The card.</param>
    public static void Put(string folder, string card)
    {
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path) || IsOwn(path)) AtomicFile.WriteText(path, card);
    }

    /// <summary>Deletes the card of a folder. A README that is not a card of Spindle's stays.</summary>
    /// <param name="folder">The folder.</param>
    public static void Delete(string folder)
    {
        var path = Path.Combine(folder, File);
        if (System.IO.File.Exists(path) && IsOwn(path)) System.IO.File.Delete(path);
    }

    /// <summary>The card as Markdown.</summary>
    /// <param name="record">The tuned model.</param>
    /// <param name="format">The format of the folder.</param>
    /// <param name="usage">A section on how to load the model, or null for the one that fits the format.</param>
    public static string Write(TunedRecord record, ExportFormat format, string? usage = null)
    {
        var (task, strategies) = (record.Task, Strategies(record));
        var text = new StringBuilder("---\n");
        text.Append("library_name: ").Append(Library(format)).Append('\n');
        if (BaseModel(record.Backbone) is { } backbone)
        {
            text.Append("base_model: ").Append(YamlText.Format(backbone)).Append('\n');
            text.Append("base_model_relation: ").Append(format is ExportFormat.Merged or ExportFormat.SentenceTransformers || record.Layers is null ? "finetune" : "adapter").Append('\n');
        }

        text.Append("pipeline_tag: ").Append(Pipeline(task)).Append('\n');
        text.Append("tags: ").Append(YamlText.List(((string[])["spindle", .. strategies]).Select(YamlText.Format))).Append('\n');
        text.Append("metrics: ").Append(YamlText.List(task.Metrics.Select(YamlText.Format))).Append('\n');
        if (record.Score is { } points)
        {
            text.Append("model-index:\n  - name: ").Append(YamlText.Format(task.Name)).Append("\n    results:\n");
            text.Append("      - task: {type: ").Append(Pipeline(task)).Append("}\n");
            text.Append("        dataset: {name: ").Append(YamlText.Format(task.Name)).Append(", type: ").Append(YamlText.Format(task.Name)).Append("}\n");
            text.Append("        metrics: [{type: ").Append(YamlText.Format(Metric(task))).Append(CultureInfo.InvariantCulture, $", value: {points / 100:0.####}}}]\n");
        }

        text.Append("---\n\n# ").Append(Plain(task.Name)).Append("\n\n").Append(Description(record)).Append("\n\n");
        text.Append("| | |\n| --- | --- |\n");
        Row("base model", BaseModel(record.Backbone) ?? "a backbone that was read from a folder");
        Row("fingerprint of its weights (SHA-256)", record.Fingerprint);
        Row("head", KebabCase.From(record.Head));
        Row("trained", record.Layers is { } layers
            ? layers.Count == 0 ? "nothing of the backbone" : string.Create(CultureInfo.InvariantCulture, $"{record.Trained ?? layers.Sum(layer => layer.Parameters):N0} parameters in {layers.Count} layers, without the head: {string.Join(", ", strategies)}")
            : "every weight");
        Row("precision of the frozen weights in training", KebabCase.From(record.Precision));
        Row("longest sequence", string.Create(CultureInfo.InvariantCulture, $"{record.MaxLength} tokens"));
        if (task.Labels.Count > 0) Row("labels", string.Join(", ", task.Labels.Take(MostLabels)) + (task.Labels.Count > MostLabels ? ", …" : ""));
        if (task.Range is { } range) Row("values", string.Create(CultureInfo.InvariantCulture, $"from {range.Minimum} to {range.Maximum}"));
        if (record.Score is { } score) Row("score on rows that did not train", string.Create(CultureInfo.InvariantCulture, $"{score:0.00} points ({Metric(task)})"));
        return text.Append('\n').Append(usage ?? Usage(record, format)).ToString();

        void Row(string name, string value) => text.Append("| ").Append(name).Append(" | ").Append(Plain(value)).Append(" |\n");
    }

    private const int MostLabels = 50;

    // in every card, and hardly in another README
    private const string Signature = "Tuned with Spindle, which searches for the best way to fine-tune under a budget of trained parameters.";

    private static bool IsOwn(string path) => System.IO.File.ReadLines(path).Any(line => line.Contains(Signature, StringComparison.Ordinal));

    private static string Library(ExportFormat format) => format switch
    {
        ExportFormat.HfPeft => "peft",
        ExportFormat.Merged => "transformers",
        ExportFormat.SentenceTransformers => "sentence-transformers",
        _ => "spindle",
    };

    private static string Pipeline(TaskDefinition task) => task.Kind switch
    {
        TaskKind.TextToText => "text2text-generation",
        TaskKind.Regression when task.Pairs => "sentence-similarity",
        _ => "text-classification",
    };

    private static string Metric(TaskDefinition task) => task.Metrics.Count == 1 ? task.Metrics[0] : $"mean of {string.Join(" and ", task.Metrics)}";

    private static string Description(TunedRecord record)
    {
        var task = record.Task;
        var input = task.Pairs ? "a pair of texts" : "a text";
        return task.Kind switch
        {
            TaskKind.Regression => $"Gives {input} a value.",
            TaskKind.TextToText => $"Answers {input} with a text.",
            _ => string.Create(CultureInfo.InvariantCulture, $"Gives {input} one of {task.Labels.Count} labels."),
        } + " " + Signature;
    }

    private static string[] Strategies(TunedRecord record) => record.Layers is { } layers
        ? [.. layers.SelectMany(layer => layer.Strategies).Select(strategy => strategy.Name).Distinct()]
        : ["full-fine-tuning"];

    // a repository's name, and never a path
    private static string? BaseModel(string backbone) => BackboneFolder.RepositoryOf(backbone)
        ?? HubCache.RepositoryOf(backbone)?.Name
        ?? (HubRepository.IsName(backbone) && !Directory.Exists(backbone) ? backbone : null);

    private static string Usage(TunedRecord record, ExportFormat format) => format switch
    {
        ExportFormat.HfPeft => "## How to use it\n\n```python\nfrom peft import AutoPeftModel\nmodel = AutoPeftModel.from_pretrained(\".\")\n```\n",
        ExportFormat.Merged => "## How to use it\n\n```python\nfrom transformers import pipeline\nmodel = pipeline(\"" + Pipeline(record.Task).Replace("sentence-similarity", "text-classification", StringComparison.Ordinal) + "\", model=\".\")\n```\n",
        _ => "## How to use it\n\n```sh\nspindle predict . --input FILE.csv\n```\n",
    };

    // nothing of a name can start markup or end a cell
    private static string Plain(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(letter => letter is '|' or '<' or '>' or '`' or '*' or '_' or '~' or '&' or '[' or ']' or '\\' ? $"\\{letter}" : $"{letter}"));
}
