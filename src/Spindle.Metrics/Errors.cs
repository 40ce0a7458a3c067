namespace Spindle.Metrics;

/// <summary>Errors of predicted values, which are minimised, and the skills that turn them into scores. With the error e of the predictions and the error b of the best constant
/// prediction (the mean of the labels for squared errors, their median for absolute ones), the skill is 1 − e/b while e is at most b, which is R² for squared errors, and b/e − 1
/// beyond. It falls strictly with the error, from 1 without errors through 0 for a constant towards −1, so that one bad training cannot outweigh all others.</summary>
public static class Errors
{
    /// <summary>The mean squared error.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double MeanSquared(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => Mean(labels, predictions, error => error * error);

    /// <summary>The mean absolute error.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double MeanAbsolute(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) => Mean(labels, predictions, Math.Abs);

    /// <summary>The skill of <see cref="MeanSquared"/>; NaN where all labels are equal.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double SquaredSkill(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        var error = MeanSquared(labels, predictions);
        var mean = labels.Average();
        return Skill(error, labels.Average(label => (label - mean) * (label - mean)));
    }

    /// <summary>The skill of <see cref="MeanAbsolute"/>; NaN where all labels are equal.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the counts differ.</exception>
    public static double AbsoluteSkill(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        var error = MeanAbsolute(labels, predictions);
        double[] sorted = [.. labels.Order()];
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return Skill(error, labels.Average(label => Math.Abs(label - median)));
    }

    private static double Skill(double error, double constant) => constant == 0 ? double.NaN : error <= constant ? 1 - (error / constant) : (constant / error) - 1;

    private static double Mean(IReadOnlyList<double> labels, IReadOnlyList<double> predictions, Func<double, double> loss)
    {
        Rows.Check(labels, predictions);
        return labels.Zip(predictions, (label, prediction) => loss(prediction - label)).Average();
    }
}
