using System.CommandLine;
using Spindle.Data.Tasks.Own;
using Spindle.Studies;

namespace Spindle.Cli.Commands;

/// <summary>The option <c>--tasks</c>: a study file that describes tasks.</summary>
internal static class OwnTasksOption
{
    public const string Name = "--tasks";

    public static Option<string?> Create() => new(Name) { Description = "A study file (YAML) that describes your own tasks. Their files are found from its folder." };

    /// <summary>The tasks that the file describes, or none if no file was named.</summary>
    public static IReadOnlyList<OwnTask> Read(string? file) => file is null ? [] : Study.Read(file).OwnTasks;
}
