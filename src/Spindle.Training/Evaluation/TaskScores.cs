using Spindle.Data.Tasks;
using Spindle.Metrics;
using Spindle.Metrics.Predictions;
using Spindle.Training.Batches;

namespace Spindle.Training.Evaluation;

/// <summary>A task's metrics and score.</summary>
/// <param name="Metrics">Each metric by name, as a fraction; a task with several validation splits has one for each split (<c>accuracy (matched)</c>).</param>
/// <param name="Score">The mean of the metrics of a split, then of the splits, in points.</param>
public sealed record TaskScores(IReadOnlyDictionary<string, double> Metrics, double Score)
{
    /// <summary>The predictions behind the scores, split by split.</summary>
    public required IReadOnlyList<SplitPredictions> Predictions { get; init; }

    /// <summary>How fast the predictions were made; null where that was not measured.</summary>
    public ScoringSpeed? Speed { get; init; }

    /// <summary>Scores predictions for every validation split.</summary>
    /// <param name="task">The encoded task.</param>
    /// <param name="predict">Returns the predictions for the rows of a split.</param>
    public static TaskScores Of(EncodedTask task, Func<IReadOnlyList<EncodedExample>, IReadOnlyList<Prediction>> predict) => Of(task.Task, task.Validation, predict);

    /// <summary>Scores predictions for some splits.</summary>
    /// <param name="task">The task.</param>
    /// <param name="rows">The splits by name.</param>
    /// <param name="predict">Returns the predictions for the rows of a split.</param>
    public static TaskScores Of(
        TaskDefinition task, IReadOnlyList<(string Name, IReadOnlyList<EncodedExample> Rows)> rows, Func<IReadOnlyList<EncodedExample>, IReadOnlyList<Prediction>> predict)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        var scores = new List<double>();
        SplitPredictions[] splits = [.. rows.Select(split => Pair(task, split.Name, split.Rows.Select(row => (row.Label, row.Reference)), predict(split.Rows)))];
        foreach (var split in splits)
        {
            var values = task.Metrics.Concat(task.Reported).ToDictionary(metric => metric, split.Score);
            foreach (var (metric, value) in values) metrics[splits.Length == 1 ? metric : $"{metric} ({split.Split})"] = value;
            scores.Add(PointScore.Mean([.. task.Metrics.Select(metric => values[metric])]));
        }
        return new(metrics, scores.Average()) { Predictions = splits };
    }

    /// <summary>The score of the best constant prediction: the score that a model without training can reach.</summary>
    public static double Chance(EncodedTask task) => task.Task.Kind == TaskKind.Classification
        ? Enumerable.Range(0, task.Task.Labels.Count).Max(label => Of(task, rows => [.. rows.Select(_ => new Prediction(label, []))]).Score)
        : 0;

    /// <summary>The lowest score of a task in points; −∞ where there is none.</summary>
    /// <param name="task">The task.</param>
    public static double Lowest(TaskDefinition task) => PointScore.Mean([.. task.Metrics.Select(MetricCatalogue.Lowest)]);

    /// <summary>Pairs predictions with the expected answers, in the order of the rows.</summary>
    /// <param name="task">The task.</param>
    /// <param name="split">The split's name.</param>
    /// <param name="expected">Each row's label, and its target text if it has one.</param>
    /// <param name="predictions">The prediction for each row.</param>
    public static SplitPredictions Pair(TaskDefinition task, string split, IEnumerable<(double Label, string? Text)> expected, IEnumerable<Prediction> predictions) =>
        task.Kind == TaskKind.TextToText
            ? new SplitPredictions.OfTexts(split, task.Metrics, [.. expected.Select(row => row.Text!)], [.. predictions.Select(prediction => prediction.Text!)])
            : new SplitPredictions.OfLabels(split, task.Metrics, [.. expected.Select(row => row.Label)], [.. predictions.Select(prediction => prediction.Value)]);
}
