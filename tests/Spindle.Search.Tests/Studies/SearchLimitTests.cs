using Spindle.Search.Studies;

namespace Spindle.Search.Tests.Studies;

public class SearchLimitTests
{
    [Theory]
    [InlineData(25, "25 s")]
    [InlineData(0.5, "0.5 s")]
    [InlineData(60, "1 min")]
    [InlineData(90, "1 min 30 s")]
    [InlineData(1200, "20 min")]
    [InlineData(5400, "90 min")]
    public void A_limit_in_time_is_written_in_minutes_and_seconds(double seconds, string text) =>
        Assert.Equal($"{text}, 1 trial, 500 examples", new SearchLimit(TimeSpan.FromSeconds(seconds), 1, 500).ToString());
}
