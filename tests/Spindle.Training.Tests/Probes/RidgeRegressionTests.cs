using MathNet.Numerics.LinearAlgebra;
using Spindle.Training.Probes;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Probes;

public class RidgeRegressionTests
{
    private static readonly Gen<(double[,] Features, double[,] Targets)> Problems =
        from rows in Gen.Int[3, 9]
        from inputs in Gen.Int[1, 12]
        from outputs in Gen.Int[1, 3]
        from features in Gen.Double[-3, 3].Array2D[rows, inputs]
        from targets in Gen.Double[-2, 2].Array2D[rows, outputs]
        select (features, targets);

    [Fact]
    public void It_solves_the_penalised_least_squares_of_its_penalty() => Problems.Sample(problem =>
    {
        using var scope = NewDisposeScope();
        var ridge = RidgeRegression.Solve(tensor(problem.Features), tensor(problem.Targets));
        var predict = Direct(problem.Features, problem.Targets, ridge.Penalty, leftOut: null);
        var predicted = tensor(problem.Features).mm(ridge.Map.Weight.t()).add(ridge.Map.Bias, 1);
        for (var row = 0; row < problem.Features.GetLength(0); row++) AssertClose(predict(row), predicted[row]);
    });

    [Fact]
    public void What_it_predicts_of_a_row_left_out_is_what_a_regression_on_the_others_predicts() => Problems.Sample(problem =>
    {
        using var scope = NewDisposeScope();
        var ridge = RidgeRegression.Solve(tensor(problem.Features), tensor(problem.Targets));
        for (var row = 0; row < problem.Features.GetLength(0); row++)
            AssertClose(Direct(problem.Features, problem.Targets, ridge.Penalty, leftOut: row)(row), ridge.LeftOut[row]);
    });

    [Fact]
    public void The_summed_weight_of_copies_is_penalised_as_many_times_less() => Problems.Sample(problem =>
    {
        const int copies = 5;
        using var scope = NewDisposeScope();
        var features = tensor(problem.Features);
        var ridge = RidgeRegression.Solve(cat([features, features.narrow(1, 0, 1).expand(features.shape[0], copies - 1)], 1), tensor(problem.Targets));
        var predict = Direct(problem.Features, problem.Targets, ridge.Penalty, leftOut: null, firstPenalty: ridge.Penalty / copies);
        var inputs = features.shape[1];
        var weight = ridge.Map.Weight.narrow(1, 0, inputs).clone();
        weight.narrow(1, 0, 1).add_(ridge.Map.Weight.narrow(1, inputs, copies - 1).sum(1, keepdim: true), 1);
        var predicted = features.mm(weight.t()).add(ridge.Map.Bias, 1);
        for (var row = 0; row < problem.Features.GetLength(0); row++) AssertClose(predict(row), predicted[row]);
    });

    [Fact]
    public void A_linear_dependence_is_found_whatever_the_units_of_the_features() =>
        Gen.Select(Gen.Double[0.001, 1000], Gen.Double[-100, 100], Gen.Double[-2, 2]).Sample((unit, shift, slope) =>
        {
            using var scope = NewDisposeScope();
            var random = new Random(7);
            var numbers = Enumerable.Range(0, 60).Select(_ => (Signal: random.NextDouble() - 0.5, Noise: random.NextDouble() - 0.5)).ToArray();
            var (features, targets) = (new double[numbers.Length, 2], new double[numbers.Length, 1]);
            for (var row = 0; row < numbers.Length; row++)
                (features[row, 0], features[row, 1], targets[row, 0]) = (numbers[row].Signal * unit + shift, numbers[row].Noise, slope * numbers[row].Signal + 1);
            var map = RidgeRegression.Solve(tensor(features), tensor(targets)).Map;
            Assert.Equal(slope, map.Weight.data<double>()[0] * unit, 1e-2);
            Assert.Equal(0, map.Weight.data<double>()[1], 1e-2);
        });

    [Fact]
    public void Features_that_never_vary_leave_the_mean()
    {
        using var scope = NewDisposeScope();
        var ridge = RidgeRegression.Solve(ones(4, 3), tensor(new double[,] { { 1 }, { 2 }, { 3 }, { 6 } }));
        Assert.Equal([0.0, 0, 0], ridge.Map.Weight.data<double>().ToArray());
        Assert.Equal(3.0, ridge.Map.Bias.data<double>()[0], 1e-12);
    }

    [Fact]
    public void A_single_row_is_its_own_answer()
    {
        using var scope = NewDisposeScope();
        var ridge = RidgeRegression.Solve(tensor(new double[,] { { 1, 2 } }), tensor(new double[,] { { 5 } }));
        Assert.Equal(5.0, ridge.Map.Bias.data<double>()[0], 1e-12);
    }

    [Fact]
    public void Features_that_are_not_finite_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<InvalidDataException>(() => RidgeRegression.Solve(tensor(new double[,] { { 1 }, { double.NaN }, { 3 } }), ones(3, 1)));
    }

    // what a regression with an unpenalised intercept on standardised features predicts, from the normal equations
    private static Func<int, double[]> Direct(double[,] features, double[,] targets, double penalty, int? leftOut, double? firstPenalty = null)
    {
        var all = Matrix<double>.Build.DenseOfArray(features);
        double[] deviations = [.. Enumerable.Range(0, all.ColumnCount).Select(input => Math.Sqrt((all.Column(input) - all.Column(input).Average()).PointwisePower(2).Average()))];
        var smallest = deviations.Max() > 0 ? deviations.Max() * RidgeRegression.SmallestDeviation : 1;
        for (var input = 0; input < all.ColumnCount; input++) all.SetColumn(input, all.Column(input) / Math.Max(deviations[input], smallest));
        int[] kept = [.. Enumerable.Range(0, all.RowCount).Where(row => row != leftOut)];
        var wanted = Matrix<double>.Build.DenseOfArray(targets);
        var (x, y) = (Matrix<double>.Build.DenseOfRowVectors(kept.Select(all.Row)), Matrix<double>.Build.DenseOfRowVectors(kept.Select(wanted.Row)));
        var (inputMean, outputMean) = (x.ColumnSums() / kept.Length, y.ColumnSums() / kept.Length);
        var (centredX, centredY) = (x - Repeat(inputMean, kept.Length), y - Repeat(outputMean, kept.Length));
        var penalties = Matrix<double>.Build.DenseDiagonal(x.ColumnCount, x.ColumnCount, input => input == 0 ? firstPenalty ?? penalty : penalty);
        var weight = (centredX.TransposeThisAndMultiply(centredX) + penalties).Solve(centredX.TransposeThisAndMultiply(centredY));
        return row => [.. (all.Row(row) - inputMean) * weight + outputMean];

        static Matrix<double> Repeat(Vector<double> row, int count) => Matrix<double>.Build.DenseOfRowVectors(Enumerable.Repeat(row, count));
    }

    private static void AssertClose(double[] wanted, Tensor given)
    {
        var numbers = given.contiguous().data<double>().ToArray();
        Assert.Equal(wanted.Length, numbers.Length);
        for (var at = 0; at < wanted.Length; at++) Assert.Equal(wanted[at], numbers[at], 1e-6 * Math.Max(1, Math.Abs(wanted[at])));
    }
}
