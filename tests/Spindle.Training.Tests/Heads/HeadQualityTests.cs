using Spindle.Training.FineTuning;
using Spindle.Training.Settings;

namespace Spindle.Training.Tests.Heads;

/// <summary>Heads over the frozen backbone on the official development rows of GLUE. <c>benchmarks/Spindle.Benchmarks.Quality</c> measures what training adds.</summary>
public class HeadQualityTests
{
    [Theory(Explicit = true)]
    [InlineData("stsb", HeadStart.Random, 86)]
    [InlineData("stsb", HeadStart.Probe, 86)]
    [InlineData("sst2", HeadStart.Probe, 74)]
    [InlineData("mrpc", HeadStart.Probe, 74)]
    public void A_head_that_starts_where_the_backbone_is_needs_no_training(string task, HeadStart start, double least)
    {
        using var tuner = SmallTuner.Tuner(new() { TrainLimit = 1000, HeadStart = start }, SmallTuner.Glue, seed: 1);
        var result = tuner.Train(FineTuningRequest.Untrained(task, seed: 1));
        Assert.InRange(result.Score ?? 0, least, 100);
    }
}
