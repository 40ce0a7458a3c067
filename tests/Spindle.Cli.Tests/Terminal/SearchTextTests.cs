using Spectre.Console;
using Spindle.Cli.Terminal;
using Spindle.Search.Execution;

namespace Spindle.Cli.Tests.Terminal;

public class SearchTextTests
{
    private static readonly SearchProgress Rung = new("rung 2", "lora at 0.001", 5, 23, 60, 90, 2, 1234.5, null, TimeSpan.FromMinutes(11))
    {
        Rungs = 3,
        Workers = 2,
        Decision = "9 of 23 candidates enter the next rung",
        StageTimeLeft = TimeSpan.FromMinutes(4),
        Leaders = [new("adapter", 3, 84.256, 83.1, 85.4), new("design 4", 1, 83, null, null), new("lora", 2, 82, 70, 94), new("bitfit", 2, 50, 40, 60)],
    };

    [Fact]
    public void A_line_says_the_rung_what_it_decides_the_workers_the_speed_the_leader_and_the_time_left() => Assert.Equal(
        "rung 2 of 3: 5 of 23 trials, at lora at 0.001; 9 of 23 candidates enter the next rung in about 4 min; search: 60 of about 90, 2 of 2 workers busy; 1,234 rows per second; best adapter 84.26 points (83.10 to 85.40); about 11 min left",
        SearchText.Line(Rung));

    [Fact]
    public void A_line_leaves_out_what_is_not_known_yet() => Assert.Equal(
        "S0: 0 of 4 trials; search: 0 of about 40, 0 of 1 workers busy",
        SearchText.Line(new("S0", null, 0, 4, 0, 40, 0, null, null, null) { Workers = 1 }));

    [Fact]
    public void The_table_shows_the_three_best_with_intervals_and_what_is_decided_next()
    {
        var shown = Render(Rung);
        string[] expected =
        [
            "rung 2 of 3  5 of 23 trials", "9 of 23 candidates enter the next rung in about 4 min", "adapter 84.26 points (83.10 to 85.40)", "design 4 83.00 points", "lora 82.00 points (70.00 to 94.00)",
            "2 of 2 workers busy", "1,234 rows per second", "about 11 min", "60 of about 90 trials",
        ];
        Assert.All(expected, text => Assert.Contains(text, shown, StringComparison.Ordinal));
        Assert.DoesNotContain("bitfit", shown, StringComparison.Ordinal);
    }

    private static string Render(SearchProgress progress)
    {
        using var written = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(written), Ansi = AnsiSupport.No });
        console.Profile.Width = 120;
        console.Write(SearchText.Table(progress));
        return written.ToString();
    }
}
