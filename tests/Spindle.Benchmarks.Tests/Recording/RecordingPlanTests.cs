using Spindle.Benchmarks.Recording.Recording;
using Spindle.Benchmarks.Recording.Table;

namespace Spindle.Benchmarks.Tests.Recording;

public class RecordingPlanTests
{
    [Fact]
    public void The_default_recording_has_two_thousand_trials_or_more_and_names_each_once()
    {
        TrialId[] all = [.. Enumerable.Range(0, RecordingPlan.Candidates).SelectMany(RecordingPlan.Of)];
        Assert.True(all.Length >= 2000);
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all.Length, RecordingPlan.Candidates * RecordingPlan.TrialsPerCandidate);
    }

    [Fact]
    public void Parts_share_no_candidate_and_leave_none_out()
    {
        Shard[] parts = [Shard.Parse("1/3"), Shard.Parse("2/3"), Shard.Parse("3/3")];
        Assert.All(Enumerable.Range(0, 20), candidate => Assert.Single(parts, part => part.Has(candidate)));
        Assert.Equal(3, parts.Select(part => part.FileName).Distinct().Count());
    }

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("2")]
    [InlineData("a/b")]
    public void Parts_that_do_not_exist_are_refused(string text) =>
        Assert.Contains("write K/N", Assert.Throws<InvalidDataException>(() => Shard.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_forecast_takes_the_mean_of_recorded_trials_of_the_same_task_and_rows()
    {
        var trial = MadeUp.Trial;
        var forecast = new Forecast([trial with { Seconds = 10 }, trial with { Key = trial.Key with { Seed = 1 }, Seconds = 30 }]);
        Assert.Equal(60, forecast.Seconds([trial.Key with { Candidate = 1 }, trial.Key with { Candidate = 2 }, trial.Key with { Candidate = 3 }]), 1e-9);
        Assert.True(forecast.Seconds([trial.Key with { Rows = 128 }]) > 0);
    }
}
