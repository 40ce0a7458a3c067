using System.CommandLine;
using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle import</c>: converts a folder that HF peft wrote into a tuned folder.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "A folder that HF peft wrote: a classifier with its head, or an encoder-decoder that generates text." };
        var backbone = new Option<string>("--backbone") { Description = "The backbone that it was tuned on: an embedded one, a repository in the cache, or a folder.", Required = true };
        var output = new Option<string>("--output", "--out") { Description = "The folder for the tuned model; it must not exist yet.", Required = true };
        var task = new Option<string?>("--task") { Description = "The task that it was tuned on (sst2, …), or a task that the --tasks file describes. It gives the names of the labels, and whether rows are pairs. By default, the labels come from the backbone's configuration." };
        var tasks = OwnTasksOption.Create();
        var length = new Option<int?>("--max-length") { Description = $"The longest sequence in tokens; {new TrainingSettings().MaxLength} by default." };
        var command = new Command("import",
            "Converts a folder that HF peft wrote into a tuned model: LoRA, DoRA, VeRA, (IA)³, LayerNorm tuning, a prefix or a prompt, with the head if the folder has one.\n\n"
            + "Example:\n  spindle import sst2-peft --backbone roberta-base --task sst2 --output runs/sst2")
        {
            folder, backbone, output, task, tasks, length,
        };
        command.SetAction(parsed =>
        {
            var place = parsed.GetRequiredValue(output);
            if (parsed.GetValue(tasks) is not null && parsed.GetValue(task) is null) throw new InvalidDataException("--tasks describes several tasks; name the one that the folder was tuned on with --task");
            var record = TunedImport.FromPeft(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(backbone), place, StrategyRegistry.Default,
                parsed.GetValue(task) is { } name ? TaskCatalogue.Default.With(OwnTasksOption.Read(parsed.GetValue(tasks))).Find(name) : null, parsed.GetValue(length));
            Console.WriteLine($"{string.Join(", ", record.Strategies.Keys)} in {record.Layers!.Count} layers, {record.Layers.Sum(layer => layer.Parameters):N0} parameters; tuned model in {place}");
            return ExitCodes.Done;
        });
        return command;
    }
}
