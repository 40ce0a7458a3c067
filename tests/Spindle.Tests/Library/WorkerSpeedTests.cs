namespace Spindle.Tests.Library;

/// <summary>The number of workers that a processor keeps busy.</summary>
public class WorkerSpeedTests
{
    [Theory]
    // as fast as there are threads
    [InlineData(8, 8, 8)]
    [InlineData(6, 6, 6)]
    // two threads of a core share it
    [InlineData(8, 4, 4)]
    [InlineData(2, 1, 1)]
    // a machine that is slower with all of them
    [InlineData(12, 3, 3)]
    [InlineData(1, 1, 1)]
    public void Workers_that_add_nothing_are_left_out(int most, int cores, int useful) =>
        Assert.Equal(useful, WorkerSpeed.Useful(most, workers => Math.Min(workers, cores)));

    [Fact]
    public void A_gain_of_a_few_percent_is_not_worth_twice_the_workers()
    {
        Assert.Equal(4, WorkerSpeed.Useful(8, workers => workers <= 4 ? workers : 4.15));
        Assert.Equal(8, WorkerSpeed.Useful(8, workers => workers <= 4 ? workers : 4.5));
    }

    [Fact]
    public void The_measurement_sees_that_a_thread_works() => Assert.InRange(WorkerSpeed.Measure(1), 1e7, 1e13);
}
