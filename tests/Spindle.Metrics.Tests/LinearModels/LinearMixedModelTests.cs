using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using Spindle.Metrics.LinearModels;

namespace Spindle.Metrics.Tests.LinearModels;

/// <summary>Linear models with a random effect of each group.</summary>
public sealed class LinearMixedModelTests
{
    [Fact]
    public void Without_repeated_groups_it_is_ordinary_least_squares() => Gen.Int[1, 100_000].Sample(seed =>
    {
        var random = new Random(seed);
        double[][] rows = [.. Enumerable.Range(0, 20).Select(_ => new[] { 1.0, random.NextDouble(), random.NextDouble() * 3, random.Next(2) })];
        double[] values = [.. rows.Select(row => 70 + 2 * row[1] - row[2] + Normal.Sample(random, 0, 1))];
        var model = new LinearMixedModel([.. rows.Select((row, at) => Row(values[at], at, 1, row))], new(1, 3, 0));
        var matrix = Matrix<double>.Build.DenseOfRowArrays(rows);
        var coefficients = matrix.QR().Solve(Vector<double>.Build.Dense(values));
        var residual = (Vector<double>.Build.Dense(values) - matrix * coefficients).L2Norm();
        var inverse = (matrix.Transpose() * matrix).Inverse();
        Assert.Equal(16, model.DegreesOfFreedom);
        for (var column = 0; column < 3; column++)
        {
            var found = model.Estimate([new(column, 1)]);
            Assert.Equal(coefficients[column + 1], found.Value, 1e-9);
            Assert.Equal(residual / 4 * Math.Sqrt(inverse[column + 1, column + 1]), found.StandardError, 1e-9);
            Assert.Equal(16, found.DegreesOfFreedom, 1e-9);
        }
    }, iter: 100);

    [Fact]
    public void The_interval_and_the_p_value_of_two_groups_of_scores_are_those_of_Students_test()
    {
        double[] first = [71, 73, 72.5, 70], second = [74, 75, 73.5, 76];
        var model = new LinearMixedModel([.. first.Concat(second).Select((value, at) => Row(value, at, 1, [1, at < 4 ? 1 : 0, at < 4 ? 0 : 1]))], new(1, 2, 0));
        var found = model.Estimate([new(0, 1), new(1, -1)]);
        // equal counts: Welch's statistic is Student's
        Assert.Equal(Significance.WelchT(first, second).Statistic, found.Value / found.StandardError, 1e-9);
        Assert.Equal(6, found.DegreesOfFreedom, 1e-9);
        Assert.Equal(2 * StudentT.CDF(0, 1, 6, found.Value / found.StandardError), found.Probability, 1e-12);
        Assert.Equal(found.Value + StudentT.InvCDF(0, 1, 6, 0.975) * found.StandardError, found.Upper, 1e-9);
        Assert.Equal(found.Value - found.Lower, found.Upper - found.Value, 1e-9);
    }

    [Fact]
    public void What_differs_between_groups_has_the_degrees_of_freedom_of_the_groups_and_what_differs_within_them_those_of_the_observations()
    {
        // ten groups of two kinds, each observed under the same six conditions: a split-plot experiment
        var random = new Random(3);
        const int Groups = 10, Conditions = 6;
        double[][] scores = [.. Enumerable.Range(0, Groups).Select(group =>
        {
            var own = Normal.Sample(random, 0, 2);
            return Enumerable.Range(0, Conditions).Select(_ => 70 + own + Normal.Sample(random, 0, 1)).ToArray();
        })];
        Observation[] observations = [.. scores.SelectMany((row, group) => row.Select((score, condition) =>
            new Observation(score, group, 1, [new(condition, 1), new(Conditions + group % 2, 1)])))];
        var between = new LinearMixedModel(observations, new(Conditions, 2, 0));
        double[] means = [.. scores.Select(row => row.Average())];
        double[] odd = [.. means.Where((_, group) => group % 2 == 1)], even = [.. means.Where((_, group) => group % 2 == 0)];
        var found = between.Estimate([new(1, 1), new(0, -1)]);
        var test = Significance.WelchT(odd, even);
        Assert.Equal(odd.Average() - even.Average(), found.Value, 1e-9);
        // the grid of ratios is coarse
        Assert.Equal(test.Statistic, found.Value / found.StandardError, 0.05 * Math.Abs(test.Statistic));
        Assert.InRange(found.DegreesOfFreedom, 6, 11);

        var within = new LinearMixedModel([.. observations.Select(seen => seen with { Terms = [new(0, 1), new(1 + seen.Terms[0].Column, 1)] })], new(1, Conditions, 0));
        Assert.InRange(within.Estimate([new(1, 1), new(0, -1)]).DegreesOfFreedom, 44, 55);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void Intervals_hold_the_truth_in_about_95_of_100_cases_however_alike_the_observations_of_a_group_are(double spread)
    {
        const int Cases = 600;
        var (random, inside, plain) = (new Random(11), 0, 0);
        for (var search = 0; search < Cases; search++)
        {
            var observations = new List<Observation>();
            for (var group = 0; group < 24; group++)
            {
                var (own, kind) = (Normal.Sample(random, 0, spread), random.Next(3));
                for (var block = 0; block < 1 + group % 3; block++)
                    observations.Add(new(70 + 5 * block + kind + own + Normal.Sample(random, 0, 1), group, 1, [new(block, 1), new(3 + kind, 1)]));
            }

            if (Holds(new LinearMixedModel(observations, new(3, 3, 0)))) inside++;
            if (Holds(new LinearMixedModel([.. observations.Select((seen, at) => seen with { Group = at })], new(3, 3, 0)))) plain++;
        }

        Assert.InRange(inside, 0.925 * Cases, 0.98 * Cases);
        // without the groups they are too narrow
        if (spread > 0) Assert.InRange(plain, 0, 0.92 * Cases);

        bool Holds(LinearMixedModel model)
        {
            if (!model.IsEstimable([new(2, 1), new(0, -1)])) return true;
            var found = model.Estimate([new(2, 1), new(0, -1)]);
            return found.Lower <= 2 && 2 <= found.Upper;
        }
    }

    [Fact]
    public void Where_every_group_is_a_level_of_its_own_the_groups_are_taken_as_they_are() => Gen.Int[1, 100_000].Sample(seed =>
    {
        var random = new Random(seed);
        var model = new LinearMixedModel([.. Enumerable.Range(0, 24).Select(at => new Observation(70 + 3 * (at % 4) + Normal.Sample(random, 0, 1), at % 4, 1, [new(at / 4, 1), new(6 + at % 4, 1)]))], new(6, 4, 0));
        Assert.Equal(0, model.Ratio);
        Assert.Equal(15, model.Estimate([new(0, 1), new(1, -1)]).DegreesOfFreedom, 1e-9);
    }, iter: 50);

    [Fact]
    public void A_sum_that_depends_on_how_aliased_columns_are_solved_cannot_be_estimated_and_others_do_not_blow_up()
    {
        // the third column is the second again, and the fourth is only there where the second block is
        Observation[] observations = [.. Enumerable.Range(0, 24).Select(at =>
        {
            double kind = at % 2, block = at < 12 ? 0 : 1;
            return Row(70 + 3 * kind + 2 * block + at * 7 % 5 * 0.1, at, 1, [1 - block, block, at % 3 == 0 ? 1 : 0, kind, kind, block]);
        })];
        var model = new LinearMixedModel(observations, new(2, 4, 0));
        Assert.Equal(20, model.DegreesOfFreedom);
        Assert.False(model.IsEstimable([new(1, 1)]));
        Assert.False(model.IsEstimable([new(3, 1)]));
        Assert.True(model.IsEstimable([new(0, 1)]));
        Assert.True(model.IsEstimable([new(1, 1), new(2, 1)]));
        Assert.Throws<ArgumentException>(() => model.Estimate([new(1, 1)]));
        // both together, whichever was left out
        Assert.Equal(3, model.Estimate([new(1, 1), new(2, 1)]).Value, 0.2);
        Assert.Equal(3, new LinearMixedModel([.. observations.Select(seen => seen with { Terms = [.. seen.Terms.Where(term => term.Column != 3)] })], new(2, 4, 0)).Estimate([new(2, 1)]).Value, 0.2);
        Assert.InRange(model.Estimate([new(0, 1)]).StandardError, 0.01, 0.2);
    }

    [Fact]
    public void An_added_column_has_the_estimate_that_it_has_as_a_part_of_the_model()
    {
        var random = new Random(5);
        double[][] rows = [.. Enumerable.Range(0, 40).Select(_ => new[] { 1.0, random.Next(2), random.Next(2), random.NextDouble() })];
        Observation[] observations = [.. rows.Select((row, at) => Row(60 + row[1] + row[3] + Normal.Sample(random, 0, 1), at / 2, 1 + at % 3, row))];
        var added = new LinearMixedModel(observations, new(1, 2, 1));
        var part = new LinearMixedModel(observations, new(1, 3, 0)).Estimate([new(2, 1)]);
        Assert.True(added.Added(0) is { } found && Math.Abs(found.Value - part.Value) < 0.1 && Math.Abs(found.StandardError / part.StandardError - 1) < 0.1);
        var alone = new LinearMixedModel([.. observations.Select((seen, at) => seen with { Group = at })], new(1, 2, 1)).Added(0)!;
        var whole = new LinearMixedModel([.. observations.Select((seen, at) => seen with { Group = at })], new(1, 3, 0)).Estimate([new(2, 1)]);
        Assert.Equal((whole.Value, whole.StandardError, whole.DegreesOfFreedom), (alone.Value, alone.StandardError, alone.DegreesOfFreedom), Near);
        // a column that the model has already
        var twice = new LinearMixedModel([.. observations.Select(seen => seen with { Terms = [.. seen.Terms.Where(term => term.Column < 3), .. seen.Terms.Where(term => term.Column == 1).Select(_ => new Term(3, 1))] })], new(1, 2, 1));
        Assert.Null(twice.Added(0));
    }

    [Fact]
    public void Scores_that_do_not_vary_or_as_many_columns_as_scores_say_nothing_about_chance()
    {
        Assert.False(new LinearMixedModel([.. Enumerable.Range(0, 8).Select(at => Row(70 + 3 * (at % 2), at, 1, [1, at % 2]))], new(1, 1, 0)).Varies);
        Assert.False(new LinearMixedModel([.. Enumerable.Range(0, 8).Select(at => Row(70, at, 1, [1, at % 2]))], new(1, 1, 0)).Varies);
        var full = new LinearMixedModel([Row(70, 0, 1, [1, 0]), Row(71, 1, 1, [1, 1])], new(1, 1, 0));
        Assert.Equal((0, false), (full.DegreesOfFreedom, full.Varies));
    }

    private static IEqualityComparer<(double, double, double)> Near { get; } = EqualityComparer<(double, double, double)>.Create(
        (one, other) => Math.Abs(one.Item1 - other.Item1) < 1e-9 && Math.Abs(one.Item2 - other.Item2) < 1e-9 && Math.Abs(one.Item3 - other.Item3) < 1e-9, _ => 0);

    private static Observation Row(double value, int group, double weight, double[] row) =>
        new(value, group, weight, [.. row.Index().Where(term => term.Item != 0).Select(term => new Term(term.Index, term.Item))]);
}
