using Spectre.Console;
using Spindle.Search.Execution;

namespace Spindle.Cli.Terminal;

/// <summary>Asks before a search continues for longer than a day, once its first trials have shown its speed. Without a terminal to ask on, it stops the search.</summary>
/// <param name="isConfirmed">Whether the user has agreed beforehand.</param>
/// <param name="stop">Stops the search.</param>
/// <param name="ask">Asks the user, or null to ask on the terminal.</param>
internal sealed class LongSearch(bool isConfirmed, CancellationToken stop, Func<TimeSpan, bool>? ask = null) : IDisposable
{
    // the first trials also load the backbone and the rows
    private const int FirstTrials = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan BetweenKeys = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private bool isConfirmed = isConfirmed;

    /// <summary>Whether the user does not want so long a search.</summary>
    public bool IsRefused { get; private set; }

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
        if (isConfirmed) return;
        IsRefused = true;
        source.Cancel();
    }

    private bool AskOnTerminal(TimeSpan left) => !Console.IsInputRedirected && !Console.IsErrorRedirected && Ask(SafeOutput.Error, left, ReadKey, stop);

    /// <summary>Asks above the live display of a console, which a prompt of Spectre.Console cannot share. A key answers, because a line that is typed would move the display.</summary>
    /// <param name="console">The console that shows the progress.</param>
    /// <param name="left">The time that the search still takes.</param>
    /// <param name="read">Reads a key, or returns null where none was pressed yet.</param>
    /// <param name="stop">Ends the question; the answer is then no.</param>
    internal static bool Ask(IAnsiConsole console, TimeSpan left, Func<char?> read, CancellationToken stop)
    {
        console.WriteLine($"This search takes about {left.TotalDays:F1} more days. Continue? Press y for yes, n for no.");
        while (!stop.IsCancellationRequested)
        {
            switch (read())
            {
                case 'y' or 'Y': return true;
                case 'n' or 'N': return false;
                case null: stop.WaitHandle.WaitOne(BetweenKeys); break;
            }
        }

        return false;
    }

    private static char? ReadKey() => Console.KeyAvailable ? Console.ReadKey(intercept: true).KeyChar : null;

    private sealed class Watched(LongSearch owner, IProgress<SearchProgress> progress) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
            progress.Report(value);
            owner.Check(value);
        }
    }
}
