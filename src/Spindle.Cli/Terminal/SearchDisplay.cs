using Spectre.Console;
using Spindle.Reports;
using Spindle.Search.Execution;

namespace Spindle.Cli.Terminal;

/// <summary>Shows the progress of a search: a live table on a terminal, a line from time to time elsewhere, on the standard error, so that results can be redirected; or JSON lines.</summary>
internal static class SearchDisplay
{
    private static readonly TimeSpan BetweenFrames = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenEvents = TimeSpan.FromSeconds(1);

    /// <summary>Runs a search, and shows its progress meanwhile.</summary>
    /// <param name="output">How much is shown, and in which form.</param>
    /// <param name="run">Runs the search.</param>
    public static T Show<T>(CommandOutput output, Func<IProgress<SearchProgress>, T> run) => output.Mode switch
    {
        OutputMode.Quiet => run(new Nothing()),
        OutputMode.Json => run(new Shown(output, new(BetweenEvents, sameStage: true, progress => output.Event("progress", () => SearchEvents.Progress(progress))))),
        _ when SafeOutput.Error.Profile.Capabilities.Interactive && !Console.IsErrorRedirected => SafeOutput.Error.Live(new Text("")).AutoClear(true).Start(live => run(new Shown(output, new(BetweenFrames, sameStage: false, progress =>
        {
            live.UpdateTarget(SearchText.Table(progress));
            live.Refresh();
        })))),
        _ => run(new Shown(output, new(BetweenLines, sameStage: true, Lines()))),
    };

    private static Action<SearchProgress> Lines()
    {
        string? printed = null;
        string? earlier = null;
        return progress =>
        {
            if (progress.Outlook is { } outlook && outlook != printed) Console.Error.WriteLine(printed = outlook);
            if (EarlierText.Line(progress.Earlier) is { } found && found != earlier) Console.Error.WriteLine(earlier = found);
            Console.Error.WriteLine(SearchText.Line(progress));
        };
    }

    private sealed class Nothing : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
        }
    }

    // every trial that has ended, and the progress from time to time
    private sealed class Shown(CommandOutput output, Throttled progress) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
            foreach (var trial in value.Ended)
            {
                if (output.Mode == OutputMode.Verbose) Say(SearchText.Ended(trial));
                output.Event("trial", () => SearchEvents.Trial(trial));
            }

            progress.Report(value);
        }

        // a live table shares its console, and moves down; a file has no width at which text must wrap
        private static void Say(string line)
        {
            if (Console.IsErrorRedirected) Console.Error.WriteLine(line);
            else SafeOutput.Error.WriteLine(line);
        }
    }

    // progress may be reported thousands of times per second; a new stage is always shown
    private sealed class Throttled(TimeSpan between, bool sameStage, Action<SearchProgress> show)
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
