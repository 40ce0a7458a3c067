namespace Spindle.Data.Tasks.Texts;

/// <summary>A task of writing that is handed out as files.</summary>
/// <param name="Definition">The task.</param>
/// <param name="Folders">The names under which its folder is known, the usual one first.</param>
/// <param name="Source">The column that is read.</param>
/// <param name="Target">The column that is written.</param>
/// <param name="Download">What fetches it: the name for <c>spindle data download</c>.</param>
internal sealed record TextTask(TaskDefinition Definition, IReadOnlyList<string> Folders, string Source, string Target, string Download);
