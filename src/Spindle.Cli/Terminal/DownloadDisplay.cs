using System.Diagnostics;
using Spectre.Console;
using Spindle.Hub;

namespace Spindle.Cli.Terminal;

/// <summary>Shows the progress of a download: a bar on a terminal, a line from time to time elsewhere, on the standard error, so that results can be redirected.</summary>
internal static class DownloadDisplay
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    public static Task<T> Show<T>(string name, Func<IProgress<HubProgress>, Task<T>> run)
    {
        if (!SafeOutput.Error.Profile.Capabilities.Interactive || Console.IsErrorRedirected) return run(new Lines(name));
        return SafeOutput.Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(display => run(new Bar(display.AddTask(Markup.Escape(name)))));
    }

    private sealed class Bar(ProgressTask bar) : IProgress<HubProgress>
    {
        public void Report(HubProgress value)
        {
            bar.MaxValue = Math.Max(1, value.Total);
            bar.Value = value.Bytes;
            bar.Description = Markup.Escape(value.File);
        }
    }

    private sealed class Lines(string name) : IProgress<HubProgress>
    {
        private readonly Stopwatch since = Stopwatch.StartNew();

        public void Report(HubProgress value)
        {
            if (since.Elapsed < BetweenLines) return;
            Console.Error.WriteLine($"{name}: {value.Bytes / 1e6:F0} of {value.Total / 1e6:F0} MB, now {value.File}");
            since.Restart();
        }
    }
}
