using Spindle.Data.Tasks.Own;
using Spindle.Search.Studies;

namespace Spindle.Studies;

/// <summary>Converts studies for the search.</summary>
internal static class SearchStudies
{
    // the required keys, which have no default
    private static readonly string[] Required = ["study", "backbone", "tasks"];

    /// <summary>Creates the part of a study that a search needs.</summary>
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
            LearningRates = [.. study.LearningRates.Order().Select(rate => new LearningRate(
                rate, study.Training.FullLearningRate * rate / study.Training.LearningRate, rate == study.Training.LearningRate))],
            HeadRateIsFixed = study.Training.HeadLearningRate is not null,
            SelectionSplits = study.Training.Selection > 0 ? study.Training.SelectionSplits : 1,
            BaselineDesigns = study.BaselineDesigns,
            Text = text,
            Settings = settings,
            Defaults = StudyText.Settings(StudyYaml.Write(new Study("", "", []))).Where(pair => !Required.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal),
        };
    }
}
