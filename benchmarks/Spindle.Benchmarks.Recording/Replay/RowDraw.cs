using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Data.Tasks.Glue;
using Spindle.Metrics;
using Spindle.Search.Trials;

namespace Spindle.Benchmarks.Recording.Replay;

/// <summary>The scored rows of each task, drawn anew for each search: some select, and the others say what the search's result is worth.</summary>
internal sealed class RowDraw
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Metrics = new GlueTaskFamily().Tasks.Where(task => RecordedStudy.Tasks.Contains(task.Name)).ToDictionary(task => task.Name, task => task.Metrics);

    private readonly ScoredRows rows;
    private readonly Dictionary<string, (int[] Selecting, int[] Reporting)> drawn;
    private readonly Dictionary<(TrialId, int), double> selections = [];

    /// <summary>Draws the rows.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="rows">The expected answers.</param>
    /// <param name="selecting">The number of rows of each task that select.</param>
    /// <param name="seed">The seed of the draw.</param>
    public RowDraw(IEnumerable<string> tasks, ScoredRows rows, int selecting, int seed)
    {
        this.rows = rows;
        drawn = tasks.ToDictionary(task => task, task =>
        {
            int[] order = [.. Enumerable.Range(0, rows[task].Count)];
            new Random(DerivedSeed.Derive(seed, task)).Shuffle(order);
            return (order[..selecting], order[selecting..]);
        });
    }

    /// <summary>A trial's score on the rows that select, in points.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="epoch">After which epoch, from 1.</param>
    public double Selection(RecordedTrial trial, int epoch)
    {
        if (!selections.TryGetValue((trial.Key, epoch), out var score))
            selections.Add((trial.Key, epoch), score = Score(trial, epoch, rows[trial.Key.Task], drawn[trial.Key.Task].Selecting));
        return score;
    }

    /// <summary>A trial's score after the last epoch on the rows that report, in points; 0 for a training that diverged.</summary>
    public double Report(RecordedTrial trial) => trial.Failure is null && trial.Predictions.Count > 0 ? Score(trial, trial.Predictions.Count, rows[trial.Key.Task], drawn[trial.Key.Task].Reporting) : 0;

    private static double Score(RecordedTrial trial, int epoch, IReadOnlyList<double> answers, int[] chosen)
    {
        var (task, predictions) = (trial.Key.Task, trial.Predictions[epoch - 1]);
        double[] labels = [.. chosen.Select(row => answers[row])], predicted = [.. chosen.Select(row => RowPredictions.Predicted(task, (sbyte)predictions[row]))];
        return PointScore.Mean([.. Metrics[task].Select(metric => MetricCatalogue.Compute(metric, labels, predicted))]);
    }
}
