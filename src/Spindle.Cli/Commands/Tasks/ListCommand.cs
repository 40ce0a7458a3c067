using System.CommandLine;
using Spectre.Console;
using Spindle.Data.Tasks;
using Spindle.Designs.Text;

namespace Spindle.Cli.Commands.Tasks;

/// <summary><c>spindle tasks list</c>: the tasks that a study can name.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists the tasks that a study can name without describing them.\n\nExample:\n  spindle tasks list");
        command.SetAction(_ =>
        {
            var table = new Table().Border(TableBorder.Minimal).AddColumns("task", "input", "kind", "labels or range", "metrics");
            foreach (var task in TaskCatalogue.Default.Tasks)
                table.AddRow(
                    Markup.Escape(task.Name),
                    task.Pairs ? "pairs" : "texts",
                    KebabCase.From(task.Kind),
                    Markup.Escape(task.Range is { } range ? $"{range.Minimum} to {range.Maximum}" : string.Join(", ", task.Labels)),
                    string.Join(", ", task.Metrics));
            AnsiConsole.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }
}
