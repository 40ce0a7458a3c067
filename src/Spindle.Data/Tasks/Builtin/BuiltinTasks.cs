namespace Spindle.Data.Tasks.Builtin;

/// <summary>Placeholder until the grammar lands.</summary>
public sealed class BuiltinTasks : ITaskFamily
{
    /// <inheritdoc/>
    public IReadOnlyList<TaskDefinition> Tasks => [];

    /// <inheritdoc/>
    public TaskData Load(string name, string? dataFolder) => throw new InvalidDataException(name);
}
