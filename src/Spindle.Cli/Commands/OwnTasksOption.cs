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

    /// <summary>The tasks that the file describes, or those of the study whose search wrote the model if no file was named.</summary>
    /// <param name="file">The file, or null.</param>
    /// <param name="tuned">The folder of a model, of a side, or of the whole run.</param>
    public static IReadOnlyList<OwnTask> Read(string? file, string tuned) =>
        file is null && Folders(tuned).FirstOrDefault(SearchFolder.IsOwned) is { } search ? SearchFolder.StudyOf(search).OwnTasks : Read(file);

    private static IEnumerable<string> Folders(string tuned)
    {
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(tuned)));
        for (var level = 0; level < 3 && folder is not null; level++, folder = folder.Parent) yield return folder.FullName;
    }
}
