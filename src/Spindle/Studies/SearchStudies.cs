using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;
using Spindle.Models.Tuning;
using Spindle.Search.Storage;
using Spindle.Search.Studies;

namespace Spindle.Studies;

/// <summary>Converts studies for the search.</summary>
internal static class SearchStudies
{
    // the required keys, which have no default
    private static readonly string[] Required = ["study", "backbone", "tasks"];

    /// <summary>Creates the part of a study that a search needs.</summary>
    /// <param name="study">The study.</param>
    /// <param name="store">The store's location, or null for a store in memory.</param>
    /// <param name="strategies">The strategies that a store's study can name, or null for Spindle's.</param>
    /// <param name="tasks">The tasks that a store's study can name, or null for Spindle's.</param>
    public static SearchStudy Of(Study study, string? store = null, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null)
    {
        return new()
        {
            Name = study.Name,
            Backbone = study.Backbone,
            Tasks = [.. study.Tasks.Select(task => task.Name)],
            Budget = study.Budget,
            SmallerBudgets = study.SmallerBudgets,
            Space = study.Space,
            Search = study.Search,
            Epochs = study.Training.Epochs,
            AveragedRuns = study.Training.AveragedRuns,
            LearningRates = [.. study.LearningRates.Order().Select(rate => new LearningRate(
                rate, study.Training.FullLearningRate * rate / study.Training.LearningRate, rate == study.Training.LearningRate))],
            Combinations = ListedSettings.Combinations(study, strategies ?? StrategyRegistry.Default),
            HeadRateIsFixed = study.Training.HeadLearningRate is not null,
            SelectionSplits = study.Training.Selection > 0 ? study.Training.SelectionSplits : 1,
            BaselineDesigns = study.BaselineDesigns,
            Text = StudyYaml.Write(study),
            Settings = SettingsOf(study),
            FormerSettings = SettingsOf(study.MovedTo("")),
            ReadSettings = text => Read(text, strategies, tasks),
            Folder = store is null ? null : StoredPath.Of(store, study.Folder is { Length: > 0 } folder ? folder : "."),
            Defaults = StudyText.Settings(StudyYaml.Write(new Study("", "", []))).Where(pair => !Required.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal),
        };
    }

    private static Dictionary<string, string> SettingsOf(Study study)
    {
        var settings = new Dictionary<string, string>(StudyText.Settings(StudyYaml.Write(study)), StringComparer.Ordinal)
        {
            ["tasks"] = string.Join(", ", study.Tasks.Select(task => task.Name)),
        };
        foreach (var task in study.OwnTasks) settings[$"tasks.{task.Name}"] = OwnTaskYaml.Write(task);
        foreach (var (name, design) in study.BaselineDesigns) settings[StudyChange.BaselineKey(name)] = design.ToString();
        return settings;
    }

    private static Dictionary<string, string>? Read(string text, StrategyRegistry? strategies, TaskCatalogue? tasks)
    {
        try
        {
            return SettingsOf(StudyYaml.Parse(text, "the study of the store", strategies, tasks));
        }
        catch (InvalidDataException)
        {
            // it names what this program does not know; the difference is then reported by the text
            return null;
        }
    }
}
