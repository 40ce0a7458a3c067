using Spindle.Training.Probes;

namespace Spindle.Training.Tests.Probes;

public class TemperatureTests
{
    private static readonly Gen<(double[][] Differences, int[] Labels, double[] Shares)> Problems =
        from rows in Gen.Int[1, 12]
        from count in Gen.Int[2, 4]
        from differences in Gen.Double[-1, 1].Array[count].Array[rows]
        from labels in Gen.Int[0, count - 1].Array[rows]
        from weights in Gen.Double[0.1, 1].Array[count]
        select (differences, labels, weights.Select(weight => weight / weights.Sum()).ToArray());

    [Fact]
    public void No_other_factor_has_a_smaller_loss() => Problems.Sample(problem =>
    {
        var factor = Temperature.Fit(problem.Differences, problem.Labels, problem.Shares);
        Assert.InRange(factor, 0, Temperature.Largest);
        var least = Loss(problem, factor);
        foreach (var other in Enumerable.Range(0, 200).Select(step => step * Temperature.Largest / 200)) Assert.True(least <= Loss(problem, other) + 1e-9);
    });

    [Fact]
    public void Rows_that_are_all_right_have_the_largest_factor_and_rows_that_are_all_wrong_have_none()
    {
        double[][] differences = [[0.5, -0.5], [-0.5, 0.5]];
        Assert.Equal(Temperature.Largest, Temperature.Fit(differences, [0, 1], [0.5, 0.5]), 1e-9);
        Assert.Equal(0, Temperature.Fit(differences, [1, 0], [0.5, 0.5]), 1e-9);
    }

    private static double Loss((double[][] Differences, int[] Labels, double[] Shares) problem, double factor) => problem.Differences.Select((own, row) =>
    {
        double[] logits = [.. own.Select((difference, label) => Math.Log(problem.Shares[label]) + factor * difference)];
        return Math.Log(logits.Sum(Math.Exp)) - logits[problem.Labels[row]];
    }).Sum();
}
