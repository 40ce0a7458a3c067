using Spindle.Data.Tasks;
using Spindle.Metrics;
using Spindle.Training.Batches;

namespace Spindle.Training.Evaluation;

/// <summary>A task's metrics and score.</summary>
/// <param name="Metrics">Each metric by name, as a fraction; a task with several validation splits gives each its own (<c>accuracy (matched)</c>).</param>
/// <param name="Score">The mean of the metrics of a split, then of the splits, in points.</param>
public sealed record TaskScores(IReadOnlyDictionary<string, double> Metrics, double Score)
{
    /// <summary>Scores predictions for every validation split.</summary>
    /// <param name="task">The encoded task.</param>
    /// <param name="predict">The predictions for a split's rows.</param>
    public static TaskScores Of(EncodedTask task, Func<IReadOnlyList<EncodedExample>, IReadOnlyList<Prediction>> predict)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        var scores = new List<double>();
        foreach (var (name, rows) in task.Validation)
        {
            var values = Metric(task.Task, rows, predict(rows));
            foreach (var (metric, value) in values) metrics[task.Validation.Count == 1 ? metric : $"{metric} ({name})"] = value;
            scores.Add(TaskScore.Mean([.. task.Task.Metrics.Select(metric => values[metric])]));
        }
        return new(metrics, scores.Average());
    }

    /// <summary>The score of the best constant prediction: what a model that learned nothing can reach.</summary>
    public static double Chance(EncodedTask task) => task.Task.Kind == TaskKind.Classification
        ? Enumerable.Range(0, task.Task.Labels.Count).Max(label => Of(task, rows => [.. rows.Select(_ => new Prediction(label, []))]).Score)
        : 0;

    private static Dictionary<string, double> Metric(TaskDefinition task, IReadOnlyList<EncodedExample> rows, IReadOnlyList<Prediction> predictions)
    {
        if (task.Kind == TaskKind.TextToText)
        {
            string[] references = [.. rows.Select(row => row.Reference!)];
            string[] written = [.. predictions.Select(prediction => prediction.Text!)];
            return task.Metrics.Concat(task.Reported).ToDictionary(metric => metric, metric => TextMetricCatalogue.Compute(metric, references, written));
        }
        double[] labels = [.. rows.Select(row => row.Label)];
        double[] values = [.. predictions.Select(prediction => prediction.Value)];
        return task.Metrics.Concat(task.Reported).ToDictionary(metric => metric, metric => MetricCatalogue.Compute(metric, labels, values));
    }
}
