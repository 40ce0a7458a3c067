using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>The errors that all stores share.</summary>
internal static class StoreErrors
{
    /// <exception cref="InvalidDataException">The study differs from the store's, and does not extend it.</exception>
    public static void RequireSame(string store, StudyRecord there, StudyRecord here)
    {
        var changes = StudyChange.Refused(there, here);
        if (changes.Count > 0)
            throw new InvalidDataException($"{store}: belongs to another study ({there.Name}): {string.Join("; ", changes)}; name another store, or set the study back");
        foreach (var task in here.Tasks) RequireSameTask(store, there, task);
    }

    /// <exception cref="InvalidDataException">The task's rows or its head are not those of the store's study.</exception>
    public static void RequireSameTask(string store, StudyRecord there, TaskChance task)
    {
        if (task.RowDifference(there) is { } difference)
            throw new InvalidDataException($"{store}: the rows of task '{task.Name}' have changed since the search was started: {difference}; restore the files, or name another store");
        if (task.HeadBefore(there) is { } before)
            throw new InvalidDataException($"{store}: models of task '{task.Name}' had the head '{before}' when the search was started, and have '{task.Head}' in this version; continue with the version that began it, or name another store");
    }

    public static InvalidDataException OtherTrial(string store, TrialKey key) =>
        new($"{store}: trial {key} exists with another design, which another version made; name another store");
}
