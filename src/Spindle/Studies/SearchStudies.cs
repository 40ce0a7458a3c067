using Spindle.Data.Tasks.Own;
using Spindle.Search.Studies;

namespace Spindle.Studies;

/// <summary>Studies as a search sees them.</summary>
internal static class SearchStudies
{
    // the keys that every study must give: they have no default
    private static readonly string[] Required = ["study", "backbone", "tasks"];

    /// <summary>What a search needs to know of a study.</summary>
    public static SearchStudy Of(Study study)
    {
        var text = StudyYaml.Write(study);
        var settings = new Dictionary<string, string>(StudyText.Settings(text), StringComparer.Ordinal)
        {
            ["tasks"] = string.Join(", ", study.Tasks.Select(task => task.Name)),
        };
        foreach (var task in study.OwnTasks) settings[$"tasks.{task.Name}"] = OwnTaskYaml.Write(task);
        return new()
        {
            Name = study.Name,
            Backbone = study.Backbone,
            Tasks = [.. study.Tasks.Select(task => task.Name)],
            Budget = study.Budget,
            Space = study.Space,
            Search = study.Search,
            Epochs = study.Training.Epochs,
            Text = text,
            Settings = settings,
            Defaults = StudyText.Settings(StudyYaml.Write(new Study("", "", []))).Where(pair => !Required.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal),
        };
    }
}
