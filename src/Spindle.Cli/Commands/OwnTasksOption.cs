using System.CommandLine;
using Spindle.Data.Tasks.Own;
using Spindle.Studies;

namespace Spindle.Cli.Commands;

/// <summary>The option <c>--tasks</c>: a study file whose own tasks may be named.</summary>
internal static class OwnTasksOption
{
    public static Option<string?> Create() => new("--tasks") { Description = "A study file (YAML) that describes tasks of your own." };

    /// <summary>The tasks that the file describes; none where no file was named.</summary>
    public static IReadOnlyList<OwnTask> Read(string? file) => file is null ? [] : Study.Read(file).OwnTasks;
}
