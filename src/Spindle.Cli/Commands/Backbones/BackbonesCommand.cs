using System.CommandLine;

namespace Spindle.Cli.Commands.Backbones;

/// <summary><c>spindle backbones</c>: downloads, lists and shows backbones.</summary>
internal static class BackbonesCommand
{
    public static Command Create() => new("backbones", "Downloads, lists and shows backbones.") { DownloadCommand.Create(), ListCommand.Create(), ShowCommand.Create() };
}
