using System.Globalization;
using System.Text.Json.Nodes;
using Spindle.Designs.Plans;
using Spindle.Designs.Text;
using Spindle.Reports;
using Spindle.Search.Execution;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Cli.Terminal;

/// <summary>The JSON lines of a search. <c>docs/reference/json-lines.md</c> lists their keys.</summary>
internal static class SearchEvents
{
    /// <summary>The search that begins.</summary>
    /// <param name="search">The search.</param>
    /// <param name="study">The study's name.</param>
    /// <param name="store">The file of its store.</param>
    /// <param name="tuned">The folder of its models.</param>
    public static JsonObject Start(StudySearch search, string study, string store, string tuned) => new()
    {
        ["study"] = study,
        ["backbone"] = search.Problem.Shape.Name,
        ["parameters"] = search.Problem.Shape.Parameters,
        ["budget"] = search.Problem.Budget,
        ["tasks"] = JsonValues.Texts(search.Problem.Tasks.Select(task => task.Name)),
        ["designs"] = JsonNode.Parse(search.Problem.Space.Size.ToString(CultureInfo.InvariantCulture)),
        ["workers"] = search.Workers,
        ["devices"] = JsonValues.Texts(search.Devices.Select(device => device.ToString())),
        ["maximumTrials"] = search.MaximumTrials,
        ["maximumExamples"] = search.MaximumExamples,
        ["outlook"] = search.Outlook,
        ["earlier"] = new JsonArray([.. search.Problem.Earlier.Select(Earlier)]),
        ["store"] = store,
        ["tuned"] = tuned,
    };

    /// <summary>The progress.</summary>
    public static JsonObject Progress(SearchProgress progress) => new()
    {
        ["stage"] = progress.Stage,
        ["rungs"] = progress.Rungs,
        ["option"] = progress.Option,
        ["stageDone"] = progress.StageDone,
        ["stageTrials"] = progress.StageTrials,
        ["done"] = progress.Done,
        ["trials"] = progress.Trials,
        ["running"] = progress.Running,
        ["paused"] = progress.IsPaused,
        ["workers"] = progress.Workers,
        ["rowsPerSecond"] = JsonValues.Number(progress.ExamplesPerSecond),
        ["leaders"] = new JsonArray([.. progress.Leaders.Select(Leader)]),
        ["decision"] = progress.Decision,
        ["stageSecondsLeft"] = JsonValues.Number(progress.StageTimeLeft?.TotalSeconds),
        ["secondsLeft"] = JsonValues.Number(progress.TimeLeft?.TotalSeconds),
        ["outlook"] = progress.Outlook,
        ["earlier"] = new JsonArray([.. progress.Earlier.Select(Earlier)]),
    };

    /// <summary>A trial that has ended.</summary>
    public static JsonObject Trial(Trial trial)
    {
        var (key, outcome) = (trial.Spec.Key, trial.Outcome);
        return new()
        {
            ["trial"] = trial.Id,
            ["stage"] = key.Stage,
            ["option"] = key.Option,
            ["sample"] = key.Sample,
            ["task"] = key.Task,
            ["seed"] = key.Seed,
            ["epochs"] = key.Epochs,
            ["trainingRows"] = key.TrainingRows,
            ["learningRate"] = JsonValues.Number(key.LearningRate),
            ["settings"] = key.Settings,
            ["state"] = KebabCase.From(trial.State),
            ["score"] = JsonValues.Number(outcome?.Score),
            ["validation"] = JsonValues.Number(outcome?.Validation),
            ["test"] = JsonValues.Number(outcome?.Test),
            ["epochScores"] = JsonValues.Numbers(outcome?.EpochScores ?? []),
            ["metrics"] = JsonValues.Named(outcome?.Metrics ?? new Dictionary<string, double>()),
            ["seconds"] = JsonValues.Number(outcome?.Seconds),
            ["trained"] = outcome?.Trained ?? (trial.Spec.Plan as TuningPlan.Sized)?.Parameters,
            ["design"] = DesignOf(trial),
            ["failure"] = trial.Failure,
            ["worker"] = trial.Worker,
        };
    }

    /// <summary>The end result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="best">The folder of the winner's models.</param>
    /// <param name="page">The report for a browser, or null if it was not written.</param>
    /// <param name="time">How long this run took.</param>
    public static JsonObject Result(StudyResult result, string best, string? page, TimeSpan time) => new()
    {
        ["complete"] = result.IsComplete,
        ["winner"] = result.Winner?.Name,
        ["points"] = JsonValues.Number(result.Winner?.Mean),
        ["validation"] = JsonValues.Number((result.Refit ?? result.Winner)?.Validation),
        ["test"] = JsonValues.Number((result.Refit ?? result.Winner)?.Test),
        ["best"] = best,
        ["page"] = page,
        ["seconds"] = JsonValues.Number(Math.Round(time.TotalSeconds, 3)),
        ["report"] = JsonNode.Parse(JsonReport.Write(result)),
    };

    /// <summary>What a trial trains, in words.</summary>
    public static string? DesignOf(Trial trial) => trial.Spec.Plan is TuningPlan.Sized sized ? sized.Design?.ToString() : "full fine-tuning";

    private static JsonNode Earlier(EarlierStudy study) => new JsonObject
    {
        ["store"] = study.Store,
        ["study"] = study.Name,
        ["backbone"] = study.Backbone,
        ["tasks"] = JsonValues.Texts(study.Tasks),
        ["scores"] = study.Scores.Count,
        ["leftOut"] = study.LeftOut,
    };

    private static JsonNode Earlier(EarlierCorrelation found) => new JsonObject
    {
        ["store"] = found.Store,
        ["compared"] = found.Ranks?.Count,
        ["correlation"] = JsonValues.Number(found.Ranks?.Value),
        ["lower"] = JsonValues.Number(found.Ranks?.Lower),
        ["upper"] = JsonValues.Number(found.Ranks?.Upper),
    };

    private static JsonNode Leader(LeadingOption leader) => new JsonObject
    {
        ["option"] = leader.Option,
        ["designs"] = leader.Designs,
        ["mean"] = JsonValues.Number(leader.Mean),
        ["lower"] = JsonValues.Number(leader.Lower),
        ["upper"] = JsonValues.Number(leader.Upper),
    };
}
