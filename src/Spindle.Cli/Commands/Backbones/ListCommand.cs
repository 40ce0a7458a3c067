using System.CommandLine;
using Spectre.Console;
using Spindle.Hub;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;

namespace Spindle.Cli.Commands.Backbones;

/// <summary><c>spindle backbones list</c>: the backbones on this machine.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists the embedded backbones and those in the Hugging Face cache.\n\nExample:\n  spindle backbones list");
        command.SetAction(_ =>
        {
            var table = new Table().Border(TableBorder.Minimal).AddColumns("backbone", "layers", "parameters", "from");
            foreach (var name in BackboneFolder.Embedded) Add(table, name, "embedded");
            foreach (var repository in HubCache.Default.Repositories(HubKind.Models)) Add(table, repository.Name, HubCache.Default.Root);
            AnsiConsole.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    // other programs share the cache: it may hold unsupported families or incomplete downloads
    private static void Add(Table table, string name, string from)
    {
        try
        {
            using var backbone = BackboneCatalogue.Outline(name, new());
            table.AddRow(Markup.Escape(name), $"{backbone.Layers.Count}", $"{backbone.Shape.Parameters:N0}", Markup.Escape(from));
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            table.AddRow(Markup.Escape(name), "-", "cannot be loaded", Markup.Escape(from));
        }
    }
}
