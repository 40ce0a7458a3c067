using Spectre.Console;
using Spindle.Search.Execution;

namespace Spindle.Cli.Terminal;

/// <summary>Asks before a search goes on for longer than a day, once its first trials have shown its speed. Without a terminal to ask on, it stops the search.</summary>
/// <param name="isConfirmed">Whether the user has agreed beforehand.</param>
/// <param name="stop">Stops the search.</param>
/// <param name="ask">Asks the user, or null to ask on the terminal.</param>
internal sealed class LongSearch(bool isConfirmed, CancellationToken stop, Func<TimeSpan, bool>? ask = null) : IDisposable
{
    // the first trials also load the backbone and the rows
    private const int FirstTrials = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private bool isConfirmed = isConfirmed;

    /// <summary>Cancelled by <c>stop</c>, and when the user does not want so long a search.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Passes reports on, and looks at the time that is left.</summary>
    public IProgress<SearchProgress> Watch(IProgress<SearchProgress> progress) => new Watched(this, progress);

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private void Check(SearchProgress progress)
    {
        if (isConfirmed || progress.Done < FirstTrials || progress.TimeLeft is not { } left || left <= Longest) return;
        isConfirmed = (ask ?? AskOnTerminal)(left);
        if (!isConfirmed) source.Cancel();
    }

    private static bool AskOnTerminal(TimeSpan left) =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected && AnsiConsole.Confirm($"This search takes about {left.TotalDays:F1} more days. Go on?", defaultValue: false);

    private sealed class Watched(LongSearch owner, IProgress<SearchProgress> progress) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
            progress.Report(value);
            owner.Check(value);
        }
    }
}
