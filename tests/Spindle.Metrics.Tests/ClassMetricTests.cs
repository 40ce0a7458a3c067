namespace Spindle.Metrics.Tests;

/// <summary>Accuracy, F1 and Matthews' correlation.</summary>
public class ClassMetricTests
{
    private static readonly Gen<(double Label, double Prediction)[]> Binary = Rows(classes: 2);

    [Fact]
    public void A_worked_example_comes_out_right()
    {
        // 3 true positives, 1 false positive, 2 false negatives, 4 true negatives
        double[] labels = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0];
        double[] predictions = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
        Assert.Equal(0.7, Accuracy.Compute(labels, predictions), 12);
        Assert.Equal(2.0 / 3, F1.Binary(labels, predictions), 12);
        Assert.Equal((2.0 / 3 + 8.0 / 11) / 2, F1.Macro(labels, predictions), 12);
        Assert.Equal(10 / Math.Sqrt(4 * 5 * 5 * 6), Matthews.Compute(labels, predictions), 12);
    }

    [Fact]
    public void Matthews_of_two_classes_is_their_Pearson_correlation() => Binary.Sample(rows =>
    {
        var (labels, predictions) = Split(rows);
        var pearson = Correlations.Pearson(labels, predictions);
        Assert.Equal(double.IsNaN(pearson) ? 0 : pearson, Matthews.Compute(labels, predictions), 9);
    });

    [Fact]
    public void F1_is_the_harmonic_mean_of_precision_and_recall() => Binary.Sample(rows =>
    {
        double hits = rows.Count(row => row is (1, 1)), predicted = rows.Count(row => row.Prediction == 1), labelled = rows.Count(row => row.Label == 1);
        var expected = hits == 0 ? 0 : 2 / (predicted / hits + labelled / hits);
        var (labels, predictions) = Split(rows);
        Assert.Equal(expected, F1.Binary(labels, predictions), 12);
    });

    [Fact]
    public void The_order_of_rows_and_the_names_of_classes_change_nothing() => Rows(classes: 4).Sample(rows =>
    {
        double[] names = [7, -2, 0.5, 1e9];
        var (labels, predictions) = Split(rows);
        var (otherLabels, otherPredictions) = Split([.. rows.Reverse().Select(row => (names[(int)row.Label], names[(int)row.Prediction]))]);
        Assert.Equal(Accuracy.Compute(labels, predictions), Accuracy.Compute(otherLabels, otherPredictions), 12);
        Assert.Equal(F1.Macro(labels, predictions), F1.Macro(otherLabels, otherPredictions), 12);
        Assert.Equal(Matthews.Compute(labels, predictions), Matthews.Compute(otherLabels, otherPredictions), 12);
    });

    [Fact]
    public void Matthews_is_symmetric_and_within_one() => Rows(classes: 4).Sample(rows =>
    {
        var (labels, predictions) = Split(rows);
        var value = Matthews.Compute(labels, predictions);
        Assert.InRange(value, -1 - 1e-12, 1 + 1e-12);
        Assert.Equal(value, Matthews.Compute(predictions, labels), 12);
    });

    [Fact]
    public void Right_predictions_score_one() => Rows(classes: 3).Sample(rows =>
    {
        var (labels, _) = Split(rows);
        Assert.Equal(1, Accuracy.Compute(labels, labels));
        Assert.Equal(1, F1.Macro(labels, labels));
        Assert.Equal(labels.Distinct().Count() > 1 ? 1 : 0, Matthews.Compute(labels, labels), 12);
    });

    [Fact]
    public void Matthews_is_zero_where_one_class_is_predicted_throughout()
    {
        Assert.Equal(0, Matthews.Compute([0, 1, 1, 0], [1, 1, 1, 1]));
        Assert.Equal(0, Matthews.Compute([1, 1], [0, 1]));
        Assert.Equal(0, Matthews.Compute([1, 1], [1, 1]));
    }

    [Fact]
    public void A_hundred_thousand_rows_overflow_nothing()
    {
        double[] labels = [.. Enumerable.Range(0, 100_000).Select(row => (double)(row % 2))];
        double[] wrong = [.. labels.Select(label => 1 - label)];
        Assert.Equal(1, Matthews.Compute(labels, labels), 12);
        Assert.Equal(-1, Matthews.Compute(labels, wrong), 12);
    }

    private static Gen<(double Label, double Prediction)[]> Rows(int classes) =>
        Gen.Select(Gen.Int[0, classes - 1], Gen.Int[0, classes - 1], (label, prediction) => ((double)label, (double)prediction)).Array[1, 40];

    private static (double[] Labels, double[] Predictions) Split((double Label, double Prediction)[] rows) =>
        ([.. rows.Select(row => row.Label)], [.. rows.Select(row => row.Prediction)]);
}
