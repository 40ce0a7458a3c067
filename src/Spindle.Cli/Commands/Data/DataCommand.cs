using System.CommandLine;

namespace Spindle.Cli.Commands.Data;

/// <summary><c>spindle data</c>: fetches data sets.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Fetches data sets.") { DownloadDataCommand.Create() };
}
