using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Trials;

public sealed class LossCurveTests
{
    [Fact]
    public void A_short_curve_has_a_point_for_each_step()
    {
        var curve = new LossCurve();
        for (var step = 1; step <= 5; step++) curve.Add(step * 8, 1.0 / step);
        Assert.Equal(Enumerable.Range(1, 5).Select(step => new LossPoint(step * 8, 1.0 / step)), curve.Points);
    }

    [Fact]
    public void A_long_curve_keeps_its_mean_and_its_end_in_few_points() => Gen.Int[1, 20_000].Sample(steps =>
    {
        var curve = new LossCurve();
        for (var step = 1; step <= steps; step++) curve.Add(step, step);
        var points = curve.Points;
        Assert.InRange(points.Count, Math.Min(steps, LossCurve.MostPoints / 2), LossCurve.MostPoints);
        Assert.Equal(points.Select(point => point.Examples).Order(), points.Select(point => point.Examples));
        var each = points[0].Examples;
        Assert.InRange(steps - points[^1].Examples, 0, each);
        // each point is the mean of as many steps
        Assert.All(points.Index(), point => Assert.Equal((point.Index * each) + ((each + 1) / 2.0), point.Item.Loss, 1e-6));
    }, iter: 50);

    [Fact]
    public void A_second_training_of_a_trial_begins_a_new_curve_and_what_is_not_a_number_is_left_out()
    {
        var curve = new LossCurve();
        curve.Add(8, 0.9);
        curve.Add(16, double.NaN);
        curve.Add(16, double.PositiveInfinity);
        Assert.Equal([new(8, 0.9)], curve.Points);
        curve.Add(4, 0.8);
        Assert.Equal([new(4, 0.8)], curve.Points);
    }
}
