namespace Spindle.Metrics.Tests;

public class ErrorsTests
{
    private static readonly Gen<(double[] Labels, double[] Predictions)> Rows = Gen.Int[2, 20].SelectMany(count =>
        Gen.Select(Gen.Double[-100, 100].Array[count], Gen.Double[-1e4, 1e4].Array[count])).Where(rows => rows.Item1.Distinct().Count() > 1);

    [Fact]
    public void A_skill_is_1_without_errors_0_for_the_best_constant_and_never_below_minus_1() => Rows.Sample(rows =>
    {
        var (labels, predictions) = rows;
        Assert.Equal(1, Errors.SquaredSkill(labels, labels));
        Assert.Equal(1, Errors.AbsoluteSkill(labels, labels));
        var mean = labels.Average();
        Assert.Equal(0, Errors.SquaredSkill(labels, [.. labels.Select(_ => mean)]), 1e-9);
        Assert.InRange(Errors.SquaredSkill(labels, predictions), -1, 1);
        Assert.InRange(Errors.AbsoluteSkill(labels, predictions), -1, 1);
    });

    [Fact]
    public void A_smaller_error_has_a_larger_skill() => Gen.Select(Rows, Rows).Sample((first, second) =>
    {
        var labels = first.Labels;
        double[] other = [.. labels.Select((_, row) => second.Predictions[row % second.Predictions.Length])];
        Ordered(Errors.MeanSquared(labels, first.Predictions), Errors.SquaredSkill(labels, first.Predictions), Errors.MeanSquared(labels, other), Errors.SquaredSkill(labels, other));
        Ordered(Errors.MeanAbsolute(labels, first.Predictions), Errors.AbsoluteSkill(labels, first.Predictions), Errors.MeanAbsolute(labels, other), Errors.AbsoluteSkill(labels, other));

        // errors that differ by less than the precision of a skill have the same one
        static void Ordered(double error, double skill, double otherError, double otherSkill)
        {
            if (error < otherError) Assert.True(skill >= otherSkill, $"{error} {skill}, {otherError} {otherSkill}");
            if (error > otherError) Assert.True(skill <= otherSkill, $"{error} {skill}, {otherError} {otherSkill}");
            if (error < 0.999 * otherError && otherError > 1 && otherSkill > -0.99) Assert.True(skill > otherSkill, $"{error} {skill}, {otherError} {otherSkill}");
        }
    });

    [Theory]
    [InlineData("mean-squared-error", 1.25)]
    [InlineData("mean-absolute-error", 0.75)]
    [InlineData("squared-error-skill", 1 - (1.25 / 5))]
    [InlineData("absolute-error-skill", 1 - (0.75 / 2))]
    public void Errors_and_skills_are_found_by_name(string name, double expected) =>
        Assert.Equal(expected, MetricCatalogue.Compute(name, [0, 2, 4, 6], [0, 3, 4, 4]), 1e-12);

    [Fact]
    public void The_skill_of_equal_labels_is_0() => Assert.Equal(0, MetricCatalogue.Compute("squared-error-skill", [1, 1], [1, 2]));
}
