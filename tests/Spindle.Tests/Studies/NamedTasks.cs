using Spindle.Data.Tasks;

namespace Spindle.Tests.Studies;

/// <summary>Tasks that exist by name only.</summary>
internal sealed class NamedTasks(params string[] names) : ITaskFamily
{
    /// <summary>Spindle's tasks, and some of these names.</summary>
    public static TaskCatalogue Catalogue { get; } = new(new NamedTasks("a", "t", "n", "sst2", "mrpc", "stsb", "rte", "builtin/similarity"));

    public IReadOnlyList<TaskDefinition> Tasks { get; } = [.. names.Select(name => new TaskDefinition(name, TaskKind.Classification, ["no", "yes"], false, ["accuracy"], null))];

    public TaskData Load(string name, string? dataFolder) => throw new FileNotFoundException($"{name} has no rows");
}
