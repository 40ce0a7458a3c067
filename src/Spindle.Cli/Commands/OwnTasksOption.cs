using System.CommandLine;
using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;

namespace Spindle.Cli.Commands;

/// <summary>The option <c>--tasks</c>: a study file whose own tasks may be named.</summary>
internal static class OwnTasksOption
{
    public static Option<string?> Create() => new("--tasks") { Description = "A study file (YAML) that describes tasks of your own." };

    /// <summary>The tasks that the file describes, each in one line; none where no file was named.</summary>
    public static IReadOnlyDictionary<string, string> Read(string? file) => file is null
        ? new Dictionary<string, string>()
        : StudyYaml.Read(file, StrategyRegistry.Default, TaskCatalogue.Default).OwnTasks;
}
