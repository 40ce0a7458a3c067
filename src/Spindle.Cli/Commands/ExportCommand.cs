using System.CommandLine;
using Spindle.Models.Tuning;
using Spindle.Training.Tuned;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle export</c>: hands a tuned model on.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "A tuned model's folder." };
        var format = ChoiceOption.Of<ExportFormat>("--format",
            "A folder that HF peft loads over the backbone, a plain checkpoint that HF transformers loads with everything folded into its weights, or the tuned folder with its design (the default).");
        var output = new Option<string>("--output", "--out") { Description = "The folder to write; it must not be there yet.", Required = true };
        var backbone = new Option<string?>("--backbone") { Description = "The backbone's folder, where it is not where it was." };
        var command = new Command("export",
            "Hands a tuned model on: to HF peft, as a plain checkpoint, or as it is.\n\n"
            + "Examples:\n  spindle export runs/sentiment --format hf-peft --output sentiment-peft\n  spindle export runs/sentiment --format merged --output sentiment-model")
        {
            folder, format, output, backbone,
        };
        command.SetAction(parsed =>
        {
            var (form, place) = (parsed.GetValue(format) ?? ExportFormat.Spindle, parsed.GetRequiredValue(output));
            TunedExport.Write(parsed.GetRequiredValue(folder), form, place, StrategyRegistry.Default, parsed.GetValue(backbone));
            Console.WriteLine($"{form switch { ExportFormat.HfPeft => "HF peft's form", ExportFormat.Merged => "merged checkpoint", _ => "tuned model" }} in {place}");
            return ExitCodes.Done;
        });
        return command;
    }
}
