using System.CommandLine;

namespace Spindle.Cli.Commands.Backbones;

/// <summary><c>spindle backbones</c>: fetches, lists and shows backbones.</summary>
internal static class BackbonesCommand
{
    public static Command Create() => new("backbones", "Fetches, lists and shows backbones.") { DownloadCommand.Create(), ListCommand.Create(), ShowCommand.Create() };
}
