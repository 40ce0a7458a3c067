using MathNet.Numerics.Distributions;
using Spindle.Metrics.GaussianProcesses;

namespace Spindle.Metrics.Tests.GaussianProcesses;

public class GaussianProcessTests
{
    [Fact]
    public void A_linear_function_is_known_better_than_one_observation_of_it()
    {
        double[] errors = [.. Enumerable.Range(0, 20).SelectMany(seed =>
        {
            var random = new Random(seed);
            double[] slopes = [.. Enumerable.Range(0, 5).Select(_ => Normal.Sample(random, 0, 1))];
            double[][] places = [.. Enumerable.Range(0, 60).Select(_ => slopes.Select(_ => random.NextDouble()).ToArray())];
            var process = GaussianProcess.Fit([.. places.Select(place => new ProcessObservation(place, 0, 70 + Truth(place) + Normal.Sample(random, 0, 1)))]);
            var center = places.Average(Truth);
            return places.Select(place => process.Predict(place).Mean - (Truth(place) - center));

            double Truth(double[] place) => place.Zip(slopes, (value, slope) => value * slope).Sum();
        })];
        Assert.InRange(Math.Sqrt(errors.Average(error => error * error)), 0, 0.5);
    }

    [Fact]
    public void A_function_that_is_not_linear_is_followed_where_it_was_observed()
    {
        var random = new Random(5);
        double[] places = [.. Enumerable.Range(0, 80).Select(at => at / 8.0)];
        var process = GaussianProcess.Fit([.. places.Select(place => new ProcessObservation([place], 0, (5 * Math.Sin(place)) + Normal.Sample(random, 0, 0.5)))]);
        var center = places.Average(place => 5 * Math.Sin(place));
        Assert.All(places, place => Assert.InRange(process.Predict([place]).Mean - ((5 * Math.Sin(place)) - center), -1, 1));
        Assert.Equal(0, places.Average(place => process.Predict([place]).Mean), 1e-6);
        Assert.InRange(process.Noise, 0.3, 0.8);
        Assert.True(process.Predict([20]).Deviation > 3 * process.Predict([5]).Deviation);
    }

    [Fact]
    public void The_stated_deviation_holds()
    {
        var within = Enumerable.Range(0, 60).Average(seed =>
        {
            var random = new Random(seed);
            double[] slopes = [.. Enumerable.Range(0, 4).Select(_ => Normal.Sample(random, 0, 2))];
            double[][] places = [.. Enumerable.Range(0, 60).Select(_ => slopes.Select(_ => random.NextDouble()).ToArray())];
            double[] truths = [.. places.Select(place => place.Zip(slopes, (value, slope) => value * slope).Sum())];
            var process = GaussianProcess.Fit([.. places.Zip(truths).Take(50).Select(pair => new ProcessObservation(pair.First, 0, pair.Second + Normal.Sample(random, 0, 1)))]);
            var center = truths.Take(50).Average();
            return places.Skip(50).Select((place, at) => (Predicted: process.Predict(place), Truth: truths[50 + at] - center)).Average(pair => Math.Abs(pair.Predicted.Mean - pair.Truth) < 1.96 * pair.Predicted.Deviation ? 1.0 : 0);
        });
        Assert.InRange(within, 0.85, 0.99);
    }

    [Fact]
    public void The_shift_of_a_block_changes_nothing() =>
        Gen.Select(Gen.Double[-5, 5], Gen.Int[0, 1000]).Sample((shift, seed) =>
        {
            var random = new Random(seed);
            ProcessObservation[] observations = [.. Enumerable.Range(0, 30).Select(at => new ProcessObservation([random.NextDouble(), at % 3], at % 2, 70 + Normal.Sample(random, 0, 1)))];
            var (before, after) = (GaussianProcess.Fit(observations), GaussianProcess.Fit([.. observations.Select(one => one with { Value = one.Value + (one.Block * shift) })]));
            var (first, second) = (observations[0].Features, observations[1].Features);
            Assert.Equal(before.Predict(first).Mean - before.Predict(second).Mean, after.Predict(first).Mean - after.Predict(second).Mean, 0.05);
        }, iter: 20);

    [Fact]
    public void Units_of_features_change_nothing()
    {
        var random = new Random(1);
        ProcessObservation[] observations = [.. Enumerable.Range(0, 25).Select(_ => new ProcessObservation([random.NextDouble(), random.NextDouble()], 0, Normal.Sample(random, 70, 2)))];
        var (before, after) = (GaussianProcess.Fit(observations), GaussianProcess.Fit([.. observations.Select(one => one with { Features = Scaled(one.Features) })]));
        foreach (var observation in observations) Assert.Equal(before.Predict(observation.Features).Mean, after.Predict(Scaled(observation.Features)).Mean, 1e-6);

        static double[] Scaled(IReadOnlyList<double> features) => [.. features.Select((value, at) => (value * (at + 3)) - 7)];
    }

    [Fact]
    public void Features_that_never_differ_and_a_single_observation_are_no_obstacle()
    {
        Assert.Equal(0, GaussianProcess.Fit([new([1, 2], 0, 80)]).Predict([5, 5]).Mean, 1e-9);
        var process = GaussianProcess.Fit([.. Enumerable.Range(0, 10).Select(at => new ProcessObservation([1, at], 0, 50 + at))]);
        Assert.True(double.IsFinite(process.Predict([3, 4]).Mean));
        Assert.True(process.Predict([1, 9]).Mean > process.Predict([1, 0]).Mean);
    }
}
