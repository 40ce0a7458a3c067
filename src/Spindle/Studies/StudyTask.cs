using Spindle.Data.Tasks.Own;

namespace Spindle.Studies;

/// <summary>A task of a study: one that Spindle knows by name, or one that the study describes.</summary>
/// <param name="Name">The task's name (<c>sst2</c>, <c>builtin/acceptability</c>).</param>
public record StudyTask(string Name)
{
    /// <summary>A task that Spindle knows by its name.</summary>
    public static implicit operator StudyTask(string name) => new(name);

    /// <summary>A task that the study describes.</summary>
    public static implicit operator StudyTask(OwnTask description) => new Own(description);

    /// <summary>A user's own task.</summary>
    /// <param name="Description">Its files, columns and kind.</param>
    public sealed record Own(OwnTask Description) : StudyTask(Description.Name);
}
