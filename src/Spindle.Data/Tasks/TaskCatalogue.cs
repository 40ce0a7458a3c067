using Spindle.Data.Tasks.Builtin;
using Spindle.Data.Tasks.Downloads;
using Spindle.Data.Tasks.Glue;
using Spindle.Data.Tasks.Own;
using Spindle.Data.Tasks.Texts;
using Spindle.Hub;
using Spindle.Yaml;

namespace Spindle.Data.Tasks;

/// <summary>The tasks that can be named in a study.</summary>
/// <param name="families">The families, first found first.</param>
public sealed class TaskCatalogue(params IReadOnlyList<ITaskFamily> families) : ITaskKinds
{
    /// <summary>GLUE, XSum, WMT16 and the built-in tasks.</summary>
    public static TaskCatalogue Default { get; } = new(new GlueTasks(), new TextTasks(), new BuiltinTasks());

    /// <summary>Every task; a user's own are looked up in their files.</summary>
    public IEnumerable<TaskDefinition> Tasks => families.SelectMany(family => family.Tasks);

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => [.. families.SelectMany(family => family.Names)];

    /// <summary>This catalogue and a user's own tasks.</summary>
    /// <param name="own">Each task by name, in one line of YAML as a study keeps it.</param>
    /// <exception cref="InvalidDataException">A line describes no task.</exception>
    public TaskCatalogue With(IReadOnlyDictionary<string, string> own) =>
        own.Count == 0 ? this : new([new OwnTasks([.. own.Select(task => OwnTaskYaml.Parse(task.Value, $"task '{task.Key}'"))]), .. families]);

    /// <inheritdoc/>
    public (string Name, string Text) ReadOwn(YamlValue description)
    {
        var task = OwnTaskYaml.Read(description);
        return Names.Contains(task.Name)
            ? throw description.Error($"'{task.Name}' is the name of a task that is part of Spindle; choose another")
            : (task.Name, OwnTaskYaml.Write(task));
    }

    /// <summary>A task by name.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public TaskDefinition Find(string name) => FamilyOf(name).Tasks.First(task => task.Name == name);

    /// <summary>Reads a task's rows.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="dataFolder">The folder of the data; null looks for what <c>spindle data download</c> fetched.</param>
    /// <exception cref="InvalidDataException">There is no such task, or a file cannot be read.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DirectoryNotFoundException">The task's folder is missing.</exception>
    public TaskData Load(string name, string? dataFolder) =>
        FamilyOf(name).Load(name, dataFolder ?? DatasetSource.FolderOf(name, HubCache.Default));

    /// <summary>Reads a task's test rows.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="dataFolder">The folder of the data; null looks for what <c>spindle data download</c> fetched.</param>
    /// <exception cref="InvalidDataException">There is no such task, it has no test rows, or a file cannot be read.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DirectoryNotFoundException">The task's folder is missing.</exception>
    public TaskSplit LoadTest(string name, string? dataFolder) => FamilyOf(name).LoadTest(name, dataFolder ?? DatasetSource.FolderOf(name, HubCache.Default))
        ?? throw new InvalidDataException($"task '{name}' has no test rows; XSum and WMT16 have some, a task of your own where it names files under 'test', and GLUE's are labelled by 'spindle predict --glue-submission'");

    private ITaskFamily FamilyOf(string name) => families.FirstOrDefault(family => family.Names.Contains(name))
        ?? throw new InvalidDataException($"there is no task '{name}'; there are {string.Join(", ", Names)}");
}
