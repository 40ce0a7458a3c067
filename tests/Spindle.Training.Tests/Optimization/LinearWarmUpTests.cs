using Spindle.Training.Optimization;

namespace Spindle.Training.Tests.Optimization;

public class LinearWarmUpTests
{
    [Fact]
    public void It_rises_over_the_warm_up_and_falls_to_nothing()
    {
        var schedule = new LinearWarmUp(8, 4, 12);
        Assert.Equal([0, 2, 4, 6, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0], Enumerable.Range(0, 14).Select(schedule.At));
    }

    [Fact]
    public void Without_warm_up_it_begins_at_its_peak()
    {
        var schedule = LinearWarmUp.OfShare(1, 0, 4);
        Assert.Equal([1, 0.75, 0.5, 0.25], Enumerable.Range(0, 4).Select(schedule.At));
    }

    [Fact]
    public void All_warm_up_never_falls_before_the_end()
    {
        var schedule = LinearWarmUp.OfShare(1, 1, 4);
        Assert.Equal([0, 0.25, 0.5, 0.75], Enumerable.Range(0, 4).Select(schedule.At));
    }

    [Theory]
    [InlineData(0.06, 189, 12)] // 11.34 steps
    [InlineData(0.06, 100, 6)]
    [InlineData(0.06, 1, 1)]
    [InlineData(0.5, 0, 0)]
    public void The_share_of_the_steps_is_rounded_up(double share, int steps, int warmUp) =>
        Assert.Equal(warmUp, LinearWarmUp.OfShare(1, share, steps).WarmUpSteps);

    [Fact]
    public void It_stays_between_nothing_and_its_peak_and_has_one_top() =>
        Gen.Select(Gen.Double[1e-6, 10], Gen.Double[0, 1], Gen.Int[1, 300]).Sample((peak, share, steps) =>
        {
            var schedule = LinearWarmUp.OfShare(peak, share, steps);
            double[] rates = [.. Enumerable.Range(0, steps).Select(schedule.At)];
            Assert.All(rates, rate => Assert.InRange(rate, 0, peak * (1 + 1e-12)));
            var top = Array.IndexOf(rates, rates.Max());
            Assert.Equal(rates[..(top + 1)].Order(), rates[..(top + 1)]);
            Assert.Equal(rates[top..].OrderDescending(), rates[top..]);
        }, iter: 300);
}
