using System.CommandLine;

namespace Spindle.Cli.Commands.Data;

/// <summary><c>spindle data</c>: downloads data sets.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Downloads data sets.") { DownloadDataCommand.Create() };
}
