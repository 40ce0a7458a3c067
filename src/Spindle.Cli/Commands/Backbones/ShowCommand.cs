using System.CommandLine;
using Spectre.Console;
using Spindle.Designs.Budgets;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;

namespace Spindle.Cli.Commands.Backbones;

/// <summary><c>spindle backbones show</c>: a backbone's layers, parameters and budget.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "An embedded backbone, a repository in the cache, or a folder." };
        var command = new Command("show", $"Shows a backbone's layers, parameters and {Budget.Default} budget, without reading its weights.\n\nExample:\n  spindle backbones show {BackboneFolder.Default}") { name };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(name)));
        return command;
    }

    private static int Run(string name)
    {
        using var backbone = BackboneCatalogue.Outline(name, new());
        var shape = backbone.Shape;
        var budget = Budget.Default.For(shape.Parameters);
        var blocks = shape.Layers.SelectMany(layer => layer.Blocks).CountBy(block => block.Stack);
        var costs = StrategyRegistry.Default.Costs;
        var table = new Table().Border(TableBorder.Minimal).HideHeaders().AddColumns("", "");
        table.AddRow("backbone", Markup.Escape(shape.Name));
        table.AddRow("folder", Markup.Escape(BackboneFolder.Locate(name)));
        table.AddRow("layers", $"{shape.Layers.Count}: {string.Join(" and ", blocks.Select(stack => $"{stack.Value} {stack.Key}"))} blocks");
        table.AddRow("hidden size", $"{backbone.HiddenSize}");
        table.AddRow("longest sequence", backbone.MaximumLength == int.MaxValue ? "any" : $"{backbone.MaximumLength} tokens");
        table.AddRow("parameters", $"{shape.Parameters:N0}");
        table.AddRow($"{Budget.Default} budget", $"{budget:N0}");
        table.AddRow("all biases", $"{shape.Layers.Sum(layer => costs["bitfit"].Parameters(layer, 1)):N0} with BitFit");
        table.AddRow("LoRA, rank 1", $"{shape.Layers.Sum(layer => costs["lora"].Parameters(layer, 1)):N0}");
        AnsiConsole.Write(table);
        return ExitCodes.Done;
    }
}
