using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Data.Tasks;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Yaml;

namespace Spindle.Benchmarks.Recording.Recording;

/// <summary>Trains trials of the recorded benchmark. Backbone, rows and the starts of heads are loaded once.</summary>
internal sealed class Recorder : IDisposable
{
    private readonly FineTuner tuner;

    /// <summary>Loads the backbone and the rows of every task.</summary>
    /// <param name="data">The folder of GLUE.</param>
    /// <exception cref="InvalidDataException">A task cannot be read.</exception>
    /// <exception cref="DirectoryNotFoundException">A task's folder is missing.</exception>
    public Recorder(string data)
    {
        tuner = new(new(RecordedStudy.Backbone)
        {
            Data = data,
            RowSeed = RecordedTasks.Seed,
            Strategies = RecordedStudy.Strategies,
            Tasks = new TaskCatalogue(new RecordedTasks()),
            Settings = new() { Epochs = RecordedStudy.Epochs, BatchSize = 16, HeadLearningRate = RecordedStudy.HeadRate, Precision = Precision.Auto, Threads = 1 },
        });
        // a missing task should not be noticed after minutes of training
        foreach (var task in RecordedStudy.Tasks) _ = tuner.Task(task);
    }

    /// <summary>The candidates on this backbone.</summary>
    /// <param name="count">Their number.</param>
    public IReadOnlyList<Candidate> Candidates(int count) => CandidateList.Of(RecordedStudy.Problem(tuner.Shape, tuner.Costs), count);

    /// <summary>The expected answers of the scored rows.</summary>
    public ScoredRows Rows => new(RecordedStudy.Tasks.Select(task => (task, (IReadOnlyList<double>)[.. tuner.Task(task).Validation[0].Rows.Select(row => row.Label)])));

    /// <summary>Trains a trial and scores it after each epoch.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="id">Which of its trials.</param>
    public RecordedTrial Train(Candidate candidate, TrialId id)
    {
        var before = Environment.CpuUsage.TotalTime;
        var predictions = new List<byte[]>();
        var result = tuner.Run(new(candidate.Plan, id.Task, id.Seed)
        {
            TrainingRows = id.Rows,
            LearningRate = candidate.Rate,
            RetriesDivergence = true,
            Predicted = rows =>
            {
                if (rows.All(row => row.IsFinite)) predictions.Add([.. rows.Select(row => (byte)Step(row))]);
            },
        });
        return new(
            id, candidate.Name, candidate.Kind.ToString().ToLowerInvariant(), candidate.Rate, candidate.Plan.Design is { } design ? DesignYaml.Write(design) : null, Layers(candidate),
            result.Trained, result.HeadParameters, [.. result.EpochScores.Select(score => Math.Round(score, 3))],
            // a first training that diverged may have been scored too
            [.. predictions.TakeLast(result.EpochScores.Count)], result.ExampleSteps, Math.Round((Environment.CpuUsage.TotalTime - before).TotalSeconds, 2))
        {
            Diverged = result.Diverged,
            Failure = result.Failure,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => tuner.Dispose();

    private string[] Layers(Candidate candidate)
    {
        var layers = Enumerable.Repeat("", tuner.Shape.Layers.Count).ToArray();
        foreach (var layer in candidate.Plan.Layers) layers[layer.Layer] = string.Join('+', layer.Strategies.Select(strategy => FormattableString.Invariant($"{strategy.Name}:{strategy.Size}")));
        return layers;
    }

    private static sbyte Step(Prediction row) => row.Probabilities is [_, var second] ? RowPredictions.OfProbability(second, row.Value == 1) : RowPredictions.OfValue(row.Value);
}
