using Spindle.Data.Tasks;
using Spindle.Metrics;

namespace Spindle.Tests.Baselines;

/// <summary>The score of a built-in task's word baseline on its validation rows, in points.</summary>
internal static class WordBaseline
{
    public static double Score(TaskData data)
    {
        var rows = data.Validation[0].Examples;
        double[] labels = [.. rows.Select(row => row.Label)];
        double[] predictions = data.Task.Kind == TaskKind.Regression
            ? [.. rows.Select(row => OverlapScore.Of(row.First, row.Second!))]
            : WordCountRegression.Predict([.. data.Train.Examples.Select(row => (Text(row), row.Label))], [.. rows.Select(Text)]);
        return PointScore.Mean([.. data.Task.Metrics.Select(metric => MetricCatalogue.Compute(metric, labels, predictions))]);
    }

    private static string Text(Example row) => row.Second is null ? row.First : $"{row.First}\t{row.Second}";
}
