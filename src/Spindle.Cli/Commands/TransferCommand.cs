using System.CommandLine;
using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Studies;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle transfer</c>: compares a design that a search found with the baselines on another backbone, budget or list of tasks.</summary>
internal static class TransferCommand
{
    private const string Transferred = "transferred";

    public static Command Create()
    {
        var store = new Argument<string>("store") { Description = "The store of the search." };
        var option = new Option<string?>("--option") { Description = "The option of its final comparison to carry over: found (the default), or a strategy's name." };
        var backbone = new Option<string?>("--backbone") { Description = "The other backbone; by default the study's." };
        var budget = new Option<string?>("--budget") { Description = "The other budget; by default the study's, as a share where it is one." };
        var tasks = new Option<string?>("--tasks") { Description = "Other tasks, separated by commas; by default the study's." };
        var data = new Option<string?>("--data") { Description = "The folder of the tasks' data; by default the study's." };
        var output = new Option<string>("--output") { Description = "The file for the new study (YAML). Store and tuned weights go next to it.", Required = true };
        var workers = new Option<int?>("--workers") { Description = "Number of trials that run in parallel; by default as many as the cores allow." };
        var command = new Command("transfer",
            "Rescales a design to another backbone, budget or list of tasks, and compares it there with each strategy alone and the baselines, without a new search. "
            + "To resume, run 'spindle search' on the new study.\n\n"
            + "Example:\n  spindle transfer studies/quickstart.db --tasks builtin/acceptability --output studies/acceptability.yaml")
        {
            store, option, backbone, budget, tasks, data, output, workers,
        };
        command.SetAction((parsed, stop) =>
        {
            var file = parsed.GetRequiredValue(output);
            if (File.Exists(file)) throw new InvalidDataException($"{file}: exists; run 'spindle search {file}' to resume it, or name another file with --output");
            var (study, design) = Found(parsed.GetRequiredValue(store), parsed.GetValue(option));
            if (parsed.GetValue(backbone) is { } name) study = study with { Backbone = name };
            if (parsed.GetValue(budget) is { } allowed) study = study with { Budget = Budgets.Read(allowed) };
            if (parsed.GetValue(data) is { } folder) study = study with { Data = folder };
            if (parsed.GetValue(tasks) is { } list) study = study with { Tasks = [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(task => new StudyTask(task))] };
            study = Rescaled(study with { Name = Path.GetFileNameWithoutExtension(file) }, design);
            AtomicFile.WriteText(file, StudyYaml.Write(study));
            Console.WriteLine($"the study is in {file}");
            return Task.FromResult(SearchCommand.Run(file, null, parsed.GetValue(workers), null, null, false, stop));
        });
        return command;
    }

    private static (Study Study, Design Design) Found(string file, string? option)
    {
        using var store = SqliteTrialStore.OpenToRead(file);
        var record = store.Study ?? throw new InvalidDataException($"{file}: no search has been started on this store; run 'spindle search'");
        var final = store.Stages().LastOrDefault(stage => stage.IsFinalComparison)
            ?? throw new InvalidDataException($"{file}: the search has not reached its final comparison; run 'spindle search' again to resume it");
        option ??= (final.Options.FirstOrDefault(side => side.Role == Search.Stages.OptionRole.Found) ?? final.Options[0]).Name;
        var trial = store.Trials(final.Name).FirstOrDefault(trial => trial.Spec.Key.Option == option)
            ?? throw new InvalidDataException($"{file}: there is no option '{option}' with trials; the options are {string.Join(", ", final.Options.Select(side => side.Name))}");
        var design = (trial.Spec.Plan as TuningPlan.Sized)?.Design ?? throw new InvalidDataException($"{file}: '{option}' has no design that could be carried over; name another one with --option");
        return (StudyYaml.Parse(record.Text, file), design);
    }

    private static Study Rescaled(Study study, Design design)
    {
        using var outline = BackboneCatalogue.Outline(study.Backbone, new() { Layers = study.Space.Layers });
        var layers = outline.Shape.Layers.Count;
        return study with
        {
            Space = study.Space with { Groups = Math.Min(study.Space.Groups, layers) },
            BaselineDesigns = new Dictionary<string, Design> { [Transferred] = DesignScaling.ToLayers(design, layers) },
            Search = study.Search with
            {
                Policy = ComparisonPolicy.PolicyName,
                Limit = new(),
                Baselines = [Transferred, .. study.Search.Baselines.Where(BaselineNames.Known.Contains)],
            },
        };
    }
}
