using Spectre.Console;
using Spindle.Cli.Terminal;
using Spindle.Search.Execution;

namespace Spindle.Cli.Tests;

public class LongSearchTests
{
    [Theory]
    [InlineData(4, 25, false, true)]
    [InlineData(4, 25, true, false)]
    [InlineData(4, 23, false, false)]
    [InlineData(3, 25, false, false)]
    public void A_search_that_takes_longer_than_a_day_stops_after_its_first_trials_unless_it_was_confirmed(int done, int hours, bool isConfirmed, bool stops)
    {
        using var guard = new LongSearch(isConfirmed, TestContext.Current.CancellationToken, _ => false);
        guard.Watch(new Ignored()).Report(At(done, hours));
        Assert.Equal(stops, guard.Token.IsCancellationRequested);
    }

    [Fact]
    public void An_answer_is_asked_for_once()
    {
        var asked = 0;
        using var guard = new LongSearch(false, TestContext.Current.CancellationToken, _ => ++asked > 0);
        var watched = guard.Watch(new Ignored());
        watched.Report(At(5, 30));
        watched.Report(At(6, 30));
        Assert.Equal((1, false), (asked, guard.Token.IsCancellationRequested));
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData(" xN", false)]
    public void The_question_is_asked_on_the_console_of_the_live_display_while_it_is_shown(string keys, bool goesOn)
    {
        using var written = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(written), Interactive = InteractionSupport.Yes, Ansi = AnsiSupport.Yes });
        // a process without a terminal has no lines to draw on
        (console.Profile.Width, console.Profile.Height) = (80, 24);
        var typed = new Queue<char?>([null, .. keys.Select(key => (char?)key)]);
        var answer = console.Live(new Text("progress")).Start(live =>
        {
            live.Refresh();
            return LongSearch.Ask(console, TimeSpan.FromDays(3), typed.Dequeue, TestContext.Current.CancellationToken);
        });
        Assert.Equal(goesOn, answer);
        Assert.Empty(typed);
        Assert.Contains("This search takes about 3.0 more days. Continue?", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_that_is_interrupted_is_answered_with_no()
    {
        using var stop = new CancellationTokenSource();
        Assert.False(LongSearch.Ask(AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(TextWriter.Null) }), TimeSpan.FromDays(3), () => { stop.Cancel(); return null; }, stop.Token));
    }

    [Fact]
    public async Task A_time_limit_needs_the_policy_that_keeps_it()
    {
        using var folder = new TemporaryFolder();
        var study = folder.File("study.yaml", "study: s\nbackbone: minilm-l6\ntasks: [builtin/sentiment]\nsearch: {policy: exhaustive}\n");
        var (code, _, errors) = await SpindleProcess.Run(null, "search", study, "--time", "3m");
        Assert.Equal(2, code);
        Assert.Contains("write 'policy: joint'", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    private static SearchProgress At(int done, int hours) => new("S0", null, done, 100, done, 1000, 1, 10, null, TimeSpan.FromHours(hours));

    private sealed class Ignored : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
        }
    }
}
