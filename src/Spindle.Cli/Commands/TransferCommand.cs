using System.CommandLine;
using Spindle.Models.Checkpoints;
using Spindle.Studies;
using Spindle.Tuning;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle transfer</c>: compares a design that a search found with the baselines on another backbone, budget or list of tasks.</summary>
internal static class TransferCommand
{
    public static Command Create()
    {
        var store = new Argument<string>("store") { Description = "The store of the search." };
        var option = new Option<string?>("--option") { Description = "The option of its final comparison to carry over: found, a strategy's name, or a baseline's; by default the found design, or the winner if no design was searched." };
        var backbone = new Option<string?>("--backbone") { Description = "The other backbone; by default the study's." };
        var budget = new Option<string?>("--budget") { Description = "The other budget; by default the study's, as a share where it is one." };
        var tasks = new Option<string?>("--tasks") { Description = "Other tasks, separated by commas; by default the study's." };
        var data = new Option<string?>("--data") { Description = "The folder of the tasks' data; by default the study's." };
        var output = new Option<string>("--output") { Description = "The file for the new study (YAML). Store and tuned weights go next to it.", Required = true };
        var workers = WorkersOption.Create();
        var device = DeviceOption.Create("the study's by default. Several GPUs share the workers");
        var command = new Command("transfer",
            "Rescales a design to another backbone, budget or list of tasks, and compares it there with each strategy alone and the baselines, without a new search. "
            + "To resume, run 'spindle search' on the new study.\n\n"
            + "Example:\n  spindle transfer studies/quickstart.db --tasks builtin/acceptability --output studies/acceptability.yaml")
        {
            store, option, backbone, budget, tasks, data, output, workers, device,
        };
        var shown = OutputOptions.ForSearch(command);
        command.SetAction((parsed, stop) =>
        {
            var printed = shown.Read(parsed);
            var file = parsed.GetRequiredValue(output);
            if (File.Exists(file)) throw new InvalidDataException($"{file}: exists; run 'spindle search {file}' to resume it, or name another file with --output");
            var (parallel, where) = (WorkersOption.Read(parsed, workers), DeviceOption.Read(parsed, device));
            var study = TransferStudy.Plan(new(parsed.GetRequiredValue(store))
            {
                Option = parsed.GetValue(option),
                Name = Path.GetFileNameWithoutExtension(file),
                Backbone = parsed.GetValue(backbone),
                Budget = parsed.GetValue(budget) is { } allowed ? OptionValues.Budget(allowed) : null,
                Tasks = parsed.GetValue(tasks)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(task => new StudyTask(task)).ToArray(),
                Data = parsed.GetValue(data),
            }).MovedTo(Path.GetDirectoryName(file) ?? "");
            // nothing is written for a study that is then refused
            Preparation.Run(() => StudySearch.Prepare(study, new() { Device = where }), stop).Dispose();
            AtomicFile.WriteText(file, StudyYaml.Write(study));
            printed.Say($"the study is in {file}");
            printed.Event("study", () => new() { ["file"] = file });
            return Task.FromResult(SearchCommand.Run(file, null, parallel, null, false, null, [], where, false, false, printed, stop));
        });
        return command;
    }
}
