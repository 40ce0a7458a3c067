using System.CommandLine;
using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Training.Tuned;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle import</c>: makes a tuned folder of one of HF peft.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "A folder that HF peft wrote, with a classifier's head, or for an encoder-decoder that writes." };
        var backbone = new Option<string>("--backbone") { Description = "The backbone that it was tuned over: an embedded one, a repository in the cache, or a folder.", Required = true };
        var output = new Option<string>("--output", "--out") { Description = "The folder for the tuned model; it must not be there yet.", Required = true };
        var task = new Option<string?>("--task") { Description = "What it was tuned on (sst2, …): the labels' names, and whether rows are pairs. Labels of the backbone's configuration by default." };
        var length = new Option<int?>("--max-length") { Description = "The longest sequence in tokens; 128 by default." };
        var command = new Command("import",
            "Makes a tuned model of a folder of HF peft: LoRA, DoRA, (IA)³, a prefix or a prompt, with the head where one stands there.\n\n"
            + "Example:\n  spindle import sst2-peft --backbone roberta-base --task sst2 --output runs/sst2")
        {
            folder, backbone, output, task, length,
        };
        command.SetAction(parsed =>
        {
            var place = parsed.GetRequiredValue(output);
            var record = TunedImport.FromPeft(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(backbone), place, StrategyRegistry.Default,
                parsed.GetValue(task) is { } name ? TaskCatalogue.Default.Find(name) : null, parsed.GetValue(length));
            Console.WriteLine($"{string.Join(", ", record.Strategies.Keys)} in {record.Layers!.Count} layers, {record.Layers.Sum(layer => layer.Parameters):N0} parameters; tuned model in {place}");
            return ExitCodes.Done;
        });
        return command;
    }
}
