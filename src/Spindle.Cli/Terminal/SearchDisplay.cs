using Spectre.Console;
using Spectre.Console.Rendering;
using Spindle.Search.Execution;

namespace Spindle.Cli.Terminal;

/// <summary>Shows the progress of a search: a live table on a terminal, a line from time to time elsewhere, on the standard error, so that results can be redirected.</summary>
internal static class SearchDisplay
{
    private const int BarWidth = 40;
    private const string PausedText = "paused by a dashboard: running trials finish, and no other is started";
    private static readonly TimeSpan BetweenFrames = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(15);

    public static T Show<T>(Func<IProgress<SearchProgress>, T> run)
    {
        string? printed = null;
        return SafeOutput.Error.Profile.Capabilities.Interactive && !Console.IsErrorRedirected
            ? SafeOutput.Error.Live(new Text("")).AutoClear(true).Start(live => run(new Throttled(BetweenFrames, sameStage: false, progress =>
            {
                live.UpdateTarget(Table(progress));
                live.Refresh();
            })))
            : run(new Throttled(BetweenLines, sameStage: true, progress =>
            {
                if (progress.Outlook is { } outlook && outlook != printed) Console.Error.WriteLine(printed = outlook);
                Console.Error.WriteLine(Line(progress));
            }));
    }

    private static IRenderable Table(SearchProgress progress)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string name, string value) => grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
        Row("stage", $"{progress.Stage}  {progress.StageDone} of {progress.StageTrials} trials{(progress.Option is null ? "" : $", at {progress.Option}")}");
        if (progress.Outlook is { } outlook) Row("plan", outlook);
        Row("search", $"{Bar(progress)} {progress.Done} of about {progress.Trials} trials, {progress.Running} running");
        if (progress.IsPaused) Row("paused", PausedText);
        Row("speed", progress.ExamplesPerSecond is { } speed ? $"{speed:N0} examples per second" : "-");
        Row("best so far", progress.Best is { } best ? $"{best.Option} with {best.Mean:F2} points" : "-");
        Row("time left", progress.TimeLeft is { } left ? $"about {Duration(left)}" : "-");
        return new Panel(grid).Header("spindle search").Border(BoxBorder.Rounded);
    }

    private static string Line(SearchProgress progress) =>
        (progress.IsPaused ? $"{PausedText}; " : "") + $"{progress.Stage}: {progress.StageDone} of {progress.StageTrials} trials"
        + (progress.Option is null ? "" : $", at {progress.Option}")
        + $"; search: {progress.Done} of about {progress.Trials}"
        + (progress.ExamplesPerSecond is { } speed ? $"; {speed:N0} examples per second" : "")
        + (progress.Best is { } best ? $"; best {best.Option} {best.Mean:F2}" : "")
        + (progress.TimeLeft is { } left ? $"; about {Duration(left)} left" : "");

    private static string Bar(SearchProgress progress)
    {
        var full = progress.Trials == 0 ? 0 : Math.Clamp(BarWidth * progress.Done / progress.Trials, 0, BarWidth);
        return new string('█', full) + new string('░', BarWidth - full);
    }

    private static string Duration(TimeSpan time) => time.TotalHours >= 1 ? $"{time.TotalHours:F1} h" : time.TotalMinutes >= 1 ? $"{time.TotalMinutes:F0} min" : $"{time.TotalSeconds:F0} s";

    // progress may be reported thousands of times per second; a new stage is always shown
    private sealed class Throttled(TimeSpan between, bool sameStage, Action<SearchProgress> show) : IProgress<SearchProgress>
    {
        private readonly System.Diagnostics.Stopwatch since = new();
        private string? stage;

        public void Report(SearchProgress value)
        {
            var newStage = sameStage && value.Stage != stage;
            if (since.IsRunning && since.Elapsed < between && !newStage) return;
            (stage, var first) = (value.Stage, !since.IsRunning);
            since.Restart();
            if (!first || !sameStage || value.StageTrials > 0) show(value);
        }
    }
}
