using Spindle.Data.Tasks.Builtin;
using Spindle.Data.Tasks.Downloads;
using Spindle.Data.Tasks.Glue;
using Spindle.Data.Tasks.Own;
using Spindle.Data.Tasks.Texts;
using Spindle.Hub;

namespace Spindle.Data.Tasks;

/// <summary>The tasks that can be named in a study.</summary>
/// <param name="families">The families, first found first.</param>
public sealed class TaskCatalogue(params IReadOnlyList<ITaskFamily> families)
{
    /// <summary>GLUE, XSum, WMT16 and the built-in tasks.</summary>
    public static TaskCatalogue Default { get; } = new(new GlueTaskFamily(), new TextTaskFamily(), new BuiltinTasks());

    /// <summary>Every task; a user's own are looked up in their files.</summary>
    public IEnumerable<TaskDefinition> Tasks => families.SelectMany(family => family.Tasks);

    /// <summary>The names of the tasks.</summary>
    public IReadOnlyCollection<string> Names => [.. families.SelectMany(family => family.Names)];

    /// <summary>This catalogue and a user's own tasks.</summary>
    /// <param name="own">The tasks as they are described.</param>
    /// <exception cref="InvalidDataException">A task has the name of one that is in the catalogue.</exception>
    public TaskCatalogue With(IReadOnlyList<OwnTask> own)
    {
        if (own.FirstOrDefault(task => Names.Contains(task.Name)) is { } taken) throw new InvalidDataException($"'{taken.Name}' is the name of a task that is part of Spindle; choose another");
        return own.Count == 0 ? this : new([new OwnTaskFamily(own), .. families]);
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

    /// <summary>Reads a task's test rows, with labels where its files have them; <see cref="TaskSplit.Labelled"/> are those to score a model on.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="dataFolder">The folder of the data; null looks for what <c>spindle data download</c> fetched.</param>
    /// <exception cref="InvalidDataException">There is no such task, it has no test rows, or a file cannot be read.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DirectoryNotFoundException">The task's folder is missing.</exception>
    public TaskSplit LoadTest(string name, string? dataFolder) => FamilyOf(name).LoadTest(name, dataFolder ?? DatasetSource.FolderOf(name, HubCache.Default))
        ?? throw new InvalidDataException($"task '{name}' has no test rows; XSum and WMT16 have some, and so have tasks that name files under 'test' in a study; GLUE's are labelled by a submission");

    /// <summary>Where a row of a task is, as <c>file:line</c>, or null where that is not known.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="dataFolder">The folder of the data; null looks for what <c>spindle data download</c> fetched.</param>
    /// <param name="digest">The row's digest, see <see cref="RowDigest"/>.</param>
    public string? PlaceOf(string name, string? dataFolder, ulong digest) => FamilyOf(name).PlaceOf(name, dataFolder ?? DatasetSource.FolderOf(name, HubCache.Default), digest);

    private ITaskFamily FamilyOf(string name) => families.FirstOrDefault(family => family.Names.Contains(name))
        ?? throw new InvalidDataException($"there is no task '{name}'; there are {string.Join(", ", Names)}", new UnknownTaskException(name));
}
