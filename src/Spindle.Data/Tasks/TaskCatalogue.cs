using Spindle.Data.Tasks.Builtin;
using Spindle.Data.Tasks.Downloads;
using Spindle.Data.Tasks.Glue;
using Spindle.Hub;

namespace Spindle.Data.Tasks;

/// <summary>The tasks that can be named in a study.</summary>
/// <param name="families">The families, first found first.</param>
public sealed class TaskCatalogue(params IReadOnlyList<ITaskFamily> families)
{
    /// <summary>GLUE and the built-in tasks.</summary>
    public static TaskCatalogue Default { get; } = new(new GlueTasks(), new BuiltinTasks());

    /// <summary>Every task.</summary>
    public IEnumerable<TaskDefinition> Tasks => families.SelectMany(family => family.Tasks);

    /// <summary>A task by name.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public TaskDefinition Find(string name) => Tasks.FirstOrDefault(task => task.Name == name)
        ?? throw new InvalidDataException($"there is no task '{name}'; there are {string.Join(", ", Tasks.Select(task => task.Name))}");

    /// <summary>Reads a task's rows.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="dataFolder">The folder of the data; null looks for what <c>spindle data download</c> fetched.</param>
    /// <exception cref="InvalidDataException">There is no such task, or a file cannot be read.</exception>
    /// <exception cref="DirectoryNotFoundException">The task's folder is missing.</exception>
    public TaskData Load(string name, string? dataFolder)
    {
        var task = Find(name);
        return families.First(family => family.Tasks.Contains(task)).Load(name, dataFolder ?? DatasetSource.FolderOf(name, HubCache.Default));
    }
}
