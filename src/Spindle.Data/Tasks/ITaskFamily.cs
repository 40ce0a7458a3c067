namespace Spindle.Data.Tasks;

/// <summary>Tasks that are read in one way.</summary>
public interface ITaskFamily
{
    /// <summary>The family's tasks.</summary>
    IReadOnlyList<TaskDefinition> Tasks { get; }

    /// <summary>The names of the family's tasks.</summary>
    IReadOnlyList<string> Names => [.. Tasks.Select(task => task.Name)];

    /// <summary>Reads a task's rows.</summary>
    /// <param name="name">One of the family's tasks.</param>
    /// <param name="dataFolder">The folder of the data, or null where none was named.</param>
    /// <exception cref="InvalidDataException">A file cannot be read.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DirectoryNotFoundException">The task's folder is missing, or none was named where one is needed.</exception>
    TaskData Load(string name, string? dataFolder);

    /// <summary>Reads a task's test rows, which are neither trained on nor searched with.</summary>
    /// <param name="name">One of the family's tasks.</param>
    /// <param name="dataFolder">The folder of the data, or null where none was named.</param>
    /// <returns>The rows, or null where the task has none.</returns>
    /// <exception cref="InvalidDataException">A file cannot be read.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DirectoryNotFoundException">The task's folder is missing, or none was named where one is needed.</exception>
    TaskSplit? LoadTest(string name, string? dataFolder) => null;

    /// <summary>Where a row is that trains, selects or validates, as <c>file:line</c>. The files are read again, so this is for messages.</summary>
    /// <param name="name">One of the family's tasks.</param>
    /// <param name="dataFolder">The folder of the data, or null where none was named.</param>
    /// <param name="digest">The row's digest, see <see cref="RowDigest"/>.</param>
    /// <returns>The place of the first such row, or null where that is not known.</returns>
    string? PlaceOf(string name, string? dataFolder, ulong digest) => null;
}
