namespace Spindle.Data.Tasks;

/// <summary>The cause of an <see cref="InvalidDataException"/> that names a task of no catalogue. It may be one that a study file describes.</summary>
/// <param name="task">The task's name.</param>
public sealed class UnknownTaskException(string task) : Exception($"there is no task '{task}'");
