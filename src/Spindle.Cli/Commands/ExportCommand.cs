using System.CommandLine;
using Spindle.Models.Tuning;
using Spindle.Training.Tuned;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle export</c>: writes a tuned model in a form that other programs load.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "A tuned model's folder." };
        var format = ChoiceOption.Of<ExportFormat>("--format",
            "hf-peft: a folder that HF peft loads on top of the backbone. merged: a plain checkpoint for HF transformers, with everything folded into its weights. sentence-transformers: a sentence encoder with its head and a loader. spindle (the default): a copy of the tuned folder.");
        var output = new Option<string>("--output", "--out") { Description = "The folder to write; it must not exist yet.", Required = true };
        var backbone = new Option<string?>("--backbone") { Description = "The backbone's folder, if it has moved." };
        var command = new Command("export",
            "Exports a tuned model: for HF peft, as a plain checkpoint, for sentence-transformers, or as an unchanged tuned folder.\n\n"
            + "Examples:\n  spindle export runs/sentiment --format hf-peft --output sentiment-peft\n  spindle export runs/sentiment --format merged --output sentiment-model\n  spindle export runs/sentiment --format sentence-transformers --output sentiment-encoder")
        {
            folder, format, output, backbone,
        };
        command.SetAction(parsed =>
        {
            var (form, place) = (parsed.GetValue(format) ?? ExportFormat.Spindle, parsed.GetRequiredValue(output));
            TunedExport.Write(parsed.GetRequiredValue(folder), form, place, StrategyRegistry.Default, parsed.GetValue(backbone));
            Console.WriteLine($"{form switch { ExportFormat.HfPeft => "HF peft folder", ExportFormat.Merged => "merged checkpoint", ExportFormat.SentenceTransformers => "sentence encoder", _ => "tuned model" }} in {place}");
            return ExitCodes.Done;
        });
        return command;
    }
}
