using Spindle.Models.Heads;
using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Training.Probes;

/// <summary>Linear maps that answer a task from fixed features.</summary>
internal static class LinearProbe
{
    private const double PriorCount = 0.5; // of each label, so that a label without rows has a finite logit

    /// <summary>A probe of values, by ridge regression. The tensors belong to the caller's dispose scope.</summary>
    /// <param name="features">The features, <c>[rows, features]</c>.</param>
    /// <param name="values">The value of each row.</param>
    public static LinearMap OfValues(Tensor features, IReadOnlyList<double> values)
    {
        using var scope = NewDisposeScope();
        var map = RidgeRegression.Solve(features, tensor(values.ToArray()).unsqueeze(-1)).Map;
        return new(map.Weight.MoveToOuterDisposeScope(), map.Bias.MoveToOuterDisposeScope());
    }

    /// <summary>A probe of labels: ridge regression on the indicator of each label, turned into the logits log p + t · (prediction − p), where p is the label's share
    /// and t has the least cross-entropy on rows that the regression did not see. A probe that knows nothing gives the shares. The tensors belong to the caller's
    /// dispose scope.</summary>
    /// <param name="features">The features, <c>[rows, features]</c>.</param>
    /// <param name="labels">The label of each row, from 0.</param>
    /// <param name="count">The number of labels.</param>
    public static LinearMap OfLabels(Tensor features, IReadOnlyList<int> labels, int count)
    {
        using var scope = NewDisposeScope();
        var (indicators, shares) = (new double[labels.Count, count], Enumerable.Repeat(PriorCount, count).ToArray());
        for (var row = 0; row < labels.Count; row++)
        {
            indicators[row, labels[row]] = 1;
            shares[labels[row]]++;
        }
        for (var label = 0; label < count; label++) shares[label] /= labels.Count + PriorCount * count;

        var ridge = RidgeRegression.Solve(features, tensor(indicators));
        var leftOut = ridge.LeftOut.contiguous().data<double>().ToArray();
        var factor = Temperature.Fit(
            [.. Enumerable.Range(0, labels.Count).Select(row => Enumerable.Range(0, count).Select(label => leftOut[row * count + label] - shares[label]).ToArray())], labels, shares);
        var weight = ridge.Map.Weight.Times(factor);
        var bias = (ridge.Map.Bias - tensor(shares)).Times(factor).Plus(tensor([.. shares.Select(share => Math.Log(share))]));
        return new(weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }
}
