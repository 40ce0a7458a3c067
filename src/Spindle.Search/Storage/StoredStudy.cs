using Spindle.Search.Studies;

namespace Spindle.Search.Storage;

/// <summary>The record of a study outside its store: as JSON, and compared with a store's.</summary>
public static class StoredStudy
{
    /// <summary>Writes a study as JSON.</summary>
    /// <param name="study">The study.</param>
    public static string Write(StudyRecord study) => StoreText.Write(study);

    /// <summary>Reads a study from JSON.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="name">Where it comes from, for messages.</param>
    /// <exception cref="InvalidDataException">The text is not a study.</exception>
    public static StudyRecord Read(string text, string name) => StoreText.Read<StudyRecord>(text, name, StoredFault.Of);

    /// <summary>Refuses a study that does not continue the one of a store.</summary>
    /// <param name="store">The store. It may be empty.</param>
    /// <param name="here">The study.</param>
    /// <exception cref="InvalidDataException">The store belongs to another study; the message lists the differences.</exception>
    public static void RequireSame(ITrialStore store, StudyRecord here)
    {
        if (store.Study is { } there) StoreErrors.RequireSame(store.Name, there, here);
    }

    /// <summary>Refuses a task whose rows or head are not those that a search began with.</summary>
    /// <param name="store">The store's name, for messages.</param>
    /// <param name="there">The store's study.</param>
    /// <param name="task">The task with its present rows and head.</param>
    /// <exception cref="InvalidDataException">The rows differ, and the message names the first, or the head does.</exception>
    public static void RequireSameTask(string store, StudyRecord there, TaskChance task) => StoreErrors.RequireSameTask(store, there, task);
}
