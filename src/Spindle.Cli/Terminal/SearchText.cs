using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Spindle.Reports;
using Spindle.Search.Execution;
using Spindle.Search.Results;
using Spindle.Search.Trials;

namespace Spindle.Cli.Terminal;

/// <summary>The progress of a search in words: as a table for a terminal, and in a line.</summary>
internal static class SearchText
{
    private const int BarWidth = 40;
    private const int MostLeaders = 3;
    private const string PausedText = "paused by a dashboard: running trials finish, and no other is started";

    /// <summary>The table.</summary>
    public static IRenderable Table(SearchProgress progress)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string name, string value) => grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
        Row("stage", $"{Stage(progress)}  {progress.StageDone} of {progress.StageTrials} trials{(progress.Option is null ? "" : $", at {progress.Option}")}");
        if (Next(progress) is { } next) Row("next", next);
        if (progress.Outlook is { } outlook) Row("plan", outlook);
        if (EarlierText.Line(progress.Earlier) is { } earlier) Row("earlier", earlier);
        Row("leaders", Leaders(progress) is { Length: > 0 } leaders ? string.Join('\n', leaders) : "-");
        Row("search", $"{Bar(progress)} {progress.Done} of about {progress.Trials} trials");
        Row("workers", Workers(progress));
        if (progress.IsPaused) Row("paused", PausedText);
        Row("speed", progress.ExamplesPerSecond is { } speed ? $"{speed:N0} rows per second" : "-");
        Row("time left", progress.TimeLeft is { } left ? $"about {Duration(left)}" : "-");
        return new Panel(grid).Header("spindle search").Border(BoxBorder.Rounded);
    }

    /// <summary>The line.</summary>
    public static string Line(SearchProgress progress) =>
        (progress.IsPaused ? $"{PausedText}; " : "") + $"{Stage(progress)}: {progress.StageDone} of {progress.StageTrials} trials"
        + (progress.Option is null ? "" : $", at {progress.Option}")
        + (Next(progress) is { } next ? $"; {next}" : "")
        + $"; search: {progress.Done} of about {progress.Trials}, {Workers(progress)}"
        + (progress.ExamplesPerSecond is { } speed ? $"; {speed:N0} rows per second" : "")
        + (Leaders(progress) is [var best, ..] ? $"; best {best}" : "")
        + (progress.TimeLeft is { } left ? $"; about {Duration(left)} left" : "");

    /// <summary>A trial that has ended.</summary>
    public static string Ended(Trial trial)
    {
        var outcome = trial.Outcome;
        var end = trial.State switch
        {
            TrialState.Failed => $"could not be run: {trial.Failure}",
            TrialState.Diverged => $"diverged ({trial.Failure}), counts {trial.Points:F2} points",
            _ => $"{trial.Points:F2} points",
        };
        return $"trial {trial.Id}: {trial.Spec.Key}: {end}"
            + (outcome is null ? "" : $" in {outcome.Seconds:F1} s, {outcome.Trained:N0} trained parameters")
            + (SearchEvents.DesignOf(trial) is { } design ? $"; {design}" : "");
    }

    /// <summary>The winner in one line.</summary>
    /// <param name="result">The result of a search that has ended.</param>
    /// <param name="best">The folder of the winner's models.</param>
    public static string Winner(StudyResult result, string best) => result.Winner is { Mean: { } mean } winner
        ? $"{winner.Name}: {mean:F2} points{((result.Refit ?? winner).Validation is { } validation && result.SelectsOnOwnRows ? $" on the selection rows, {validation:F2} on the validation rows" : "")}; its models are in {best}"
        : "no side has a score";

    private static string Stage(SearchProgress progress) => progress.Rungs is { } rungs ? $"{progress.Stage} of {rungs}" : progress.Stage;

    private static string? Next(SearchProgress progress) => progress.Decision is { } decision
        ? decision + (progress.StageTimeLeft is { } left ? $" in about {Duration(left)}" : "")
        : null;

    private static string Workers(SearchProgress progress) => $"{progress.Running} of {progress.Workers} workers busy";

    private static string[] Leaders(SearchProgress progress) => [.. progress.Leaders.Take(MostLeaders).Select(leader =>
        string.Create(CultureInfo.InvariantCulture, $"{leader.Option} {leader.Mean:F2} points")
        + (leader is { Lower: { } lower, Upper: { } upper } ? string.Create(CultureInfo.InvariantCulture, $" ({lower:F2} to {upper:F2})") : ""))];

    private static string Bar(SearchProgress progress)
    {
        var full = progress.Trials == 0 ? 0 : Math.Clamp(BarWidth * progress.Done / progress.Trials, 0, BarWidth);
        return new string('█', full) + new string('░', BarWidth - full);
    }

    private static string Duration(TimeSpan time) => time.TotalHours >= 1 ? $"{time.TotalHours:F1} h" : time.TotalMinutes >= 1 ? $"{time.TotalMinutes:F0} min" : $"{time.TotalSeconds:F0} s";
}
