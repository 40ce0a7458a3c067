using System.CommandLine;
using Spindle.Data.Readers;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;
using Spindle.Designs.Shapes;
using Spindle.Models.Checkpoints;
using Spindle.Studies;
using Spindle.Training.Settings;
using Spindle.Training.Tasks;

namespace Spindle.Cli.Commands.Tasks;

/// <summary><c>spindle tasks show</c>: a task's rows as a model sees them.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var what = new Argument<string>("file-or-name") { Description = "A study file (YAML), a file of rows (CSV, TSV, JSON lines, Parquet), or a task's name." };
        var data = new Option<string?>("--data") { Description = "The folder of the tasks' data; the study's by default." };
        var backbone = new Option<string?>("--backbone") { Description = "The backbone whose tokenizer is used. By default the study's, or " + BackboneFolder.Default + " without a study." };
        var maxLength = new Option<int?>("--max-length") { Description = $"The longest sequence in tokens. By default the study's, or {new TrainingSettings().MaxLength} without a study." };
        var rows = new Option<int>("--rows") { Description = "Number of training rows to print.", DefaultValueFactory = _ => 3 };
        var command = new Command("show",
            "Shows a task: what was inferred from its files, its rows by label, their faults, and the first rows as tokens. Files of any size are read row by row.\n\n"
            + "Examples:\n  spindle tasks show reviews.csv\n  spindle tasks show studies/mine.yaml --rows 5\n  spindle tasks show rte --data glue_data --backbone roberta-base")
        {
            what, data, backbone, maxLength, rows,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(what), parsed.GetValue(data), parsed.GetValue(backbone), parsed.GetValue(maxLength), parsed.GetValue(rows)));
        return command;
    }

    private static int Run(string what, string? data, string? backbone, int? maxLength, int rows)
    {
        var study = Path.GetExtension(what).ToLowerInvariant() is ".yaml" or ".yml" ? Study.Read(what) : null;
        OwnTask[] own = study is not null ? [.. study.OwnTasks] : TableFile.FormatOf(what) is null ? [] : [FromFile(what)];
        IEnumerable<string> names = study?.Tasks.Select(task => task.Name) ?? (own.Length > 0 ? [own[0].Name] : [what]);
        var settings = study?.Training ?? new();
        if (maxLength is { } length) settings = settings with { MaxLength = length };
        SettingDefinition.RequireInRange(settings);
        using var preview = new RowPreview(
            backbone ?? study?.BackbonePlace ?? BackboneFolder.Default, settings, study?.Space.Layers ?? LayerNumbering.Paired);
        var catalogue = TaskCatalogue.Default.With(own);
        foreach (var name in names) TaskText.Write(Console.Out, catalogue.Load(name, data ?? study?.DataPlace), preview, rows);
        return ExitCodes.Done;
    }

    private static OwnTask FromFile(string file)
    {
        if (!File.Exists(file)) throw new FileNotFoundException($"{file}: the file does not exist", file);
        // skipped rows are counted and shown, so nothing that is wrong may stop the reading
        return new OwnTask(Name(file), [file]) { OnBadRow = OnBadRow.Skip };
    }

    private static string Name(string file)
    {
        var name = new string([.. Path.GetFileNameWithoutExtension(file).Where(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')]).TrimStart('-', '_', '.');
        return name.Length > 0 ? name[..Math.Min(name.Length, 100)] : "rows";
    }
}
