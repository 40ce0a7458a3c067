using System.CommandLine;
using Spindle.Data.Readers;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;
using Spindle.Designs.Budgets;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Training.Trials;

namespace Spindle.Cli.Commands.Tasks;

/// <summary><c>spindle tasks show</c>: a task's rows as a model sees them.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var what = new Argument<string>("file-or-name") { Description = "A study file (YAML), a file of rows (CSV, TSV, JSON lines, Parquet), or a task's name." };
        var data = new Option<string?>("--data") { Description = "The folder of the tasks' data; the study's own by default." };
        var backbone = new Option<string?>("--backbone") { Description = "The backbone whose tokenizer is used; the study's, or else minilm-l6." };
        var maxLength = new Option<int?>("--max-length") { Description = "The longest sequence in tokens; the study's, or else 128." };
        var rows = new Option<int>("--rows") { Description = "Training rows to print.", DefaultValueFactory = _ => 3 };
        var command = new Command("show",
            "Shows a task: what its files tell, its rows by label, what is wrong with them, and the first ones in tokens. Files of any size are read row by row.\n\n"
            + "Examples:\n  spindle tasks show reviews.csv\n  spindle tasks show studies/mine.yaml --rows 5\n  spindle tasks show rte --data glue_data --backbone roberta-base")
        {
            what, data, backbone, maxLength, rows,
        };
        command.SetAction(parsed => Run(
            Study(parsed.GetRequiredValue(what)), parsed.GetValue(data), parsed.GetValue(backbone), parsed.GetValue(maxLength), parsed.GetValue(rows)));
        return command;
    }

    private static int Run(Study study, string? data, string? backbone, int? maxLength, int rows)
    {
        if (maxLength < 5) throw new InvalidDataException($"--max-length {maxLength}: must be at least 5");
        study = study with
        {
            Data = data ?? study.Data,
            Backbone = backbone ?? study.Backbone,
            Training = study.Training with { MaxLength = maxLength ?? study.Training.MaxLength },
        };
        var catalogue = TaskCatalogue.Default.With(study.OwnTasks);
        using var preview = new RowPreview(study);
        foreach (var name in study.Tasks) TaskText.Write(Console.Out, catalogue.Load(name, study.Data), preview, rows);
        return ExitCodes.Done;
    }

    private static Study Study(string what)
    {
        if (Path.GetExtension(what).ToLowerInvariant() is ".yaml" or ".yml") return StudyYaml.Read(what, StrategyRegistry.Default, TaskCatalogue.Default);
        var study = new Study("show", "minilm-l6", [what], null, Budget.Parse("0.5%"), new(), new(), new());
        if (TableFile.FormatOf(what) is null) return study;
        if (!File.Exists(what)) throw new FileNotFoundException($"{what}: there is no such file", what);
        // whatever is wrong with the rows is to be seen
        var task = new OwnTask(Name(what), [what]) { OnBadRow = OnBadRow.Skip };
        return study with { Tasks = [task.Name], OwnTasks = new Dictionary<string, string> { [task.Name] = OwnTaskYaml.Write(task) } };
    }

    private static string Name(string file)
    {
        var name = new string([.. Path.GetFileNameWithoutExtension(file).Where(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')]).TrimStart('-', '_', '.');
        return name.Length > 0 ? name[..Math.Min(name.Length, 100)] : "rows";
    }
}
