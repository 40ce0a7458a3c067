using Spectre.Console;
using Spindle.Training.FineTuning;

namespace Spindle.Cli.Terminal;

/// <summary>Shows the progress of one training run: a bar on a terminal, a line from time to time elsewhere, on the standard error, so that results can be redirected.</summary>
internal static class TrainingDisplay
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    /// <summary>Runs a training run, and shows its progress meanwhile.</summary>
    /// <param name="output">How much is shown, and in which form.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="run">Runs the training.</param>
    public static T Show<T>(CommandOutput output, string task, Func<IProgress<TrainingProgress>, T> run)
    {
        if (!output.IsText) return run(new Events(output, task));
        if (!SafeOutput.Error.Profile.Capabilities.Interactive || Console.IsErrorRedirected) return run(new Lines(task));
        return SafeOutput.Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(display =>
            {
                var bar = display.AddTask(Markup.Escape(task), maxValue: 1);
                return run(new Bar(bar, task));
            });
    }

    private static string Text(string task, TrainingProgress progress) =>
        $"{task}: step {progress.Step} of {progress.Steps}" + (progress.Loss is { } loss ? $", loss {loss:F4}" : "");

    private sealed class Bar(ProgressTask bar, string task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            bar.Value = (double)value.Step / value.Steps;
            bar.Description = Markup.Escape(Text(task, value));
        }
    }

    private sealed class Lines(string task) : IProgress<TrainingProgress>
    {
        private readonly System.Diagnostics.Stopwatch since = System.Diagnostics.Stopwatch.StartNew();

        public void Report(TrainingProgress value)
        {
            if (since.Elapsed < BetweenLines) return;
            since.Restart();
            Console.Error.WriteLine(Text(task, value));
        }
    }

    // nothing, unless the output is JSON
    private sealed class Events(CommandOutput output, string task) : IProgress<TrainingProgress>
    {
        private static readonly TimeSpan BetweenEvents = TimeSpan.FromSeconds(1);

        private readonly System.Diagnostics.Stopwatch since = new();

        public void Report(TrainingProgress value)
        {
            // the last step always
            if (since.IsRunning && since.Elapsed < BetweenEvents && value.Step < value.Steps) return;
            since.Restart();
            output.Event("progress", () => new() { ["task"] = task, ["step"] = value.Step, ["steps"] = value.Steps, ["rows"] = value.Examples, ["loss"] = JsonValues.Number(value.Loss) });
        }
    }
}
