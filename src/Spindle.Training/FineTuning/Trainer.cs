using System.Diagnostics;
using System.Globalization;
using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Models;
using Spindle.Models.Numerics;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.Optimization;
using Spindle.Training.Settings;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>Trains a model on one task: AdamW, linear warm-up and decay, gradient clipping, dropout, dynamic padding, and scores after each epoch.</summary>
/// <param name="settings">How to train.</param>
/// <param name="objective">The loss, and the predictions that are scored.</param>
/// <param name="paddingId">The id of the padding token.</param>
public sealed class Trainer(TrainingSettings settings, IObjective objective, int paddingId)
{
    /// <summary>Trains the model and scores it after each epoch, or trains it several times and averages what was trained. Stops at the first loss, gradient or logit that is not finite. With no epochs it scores the initial model.</summary>
    /// <param name="model">The model. Its parameters are changed in place.</param>
    /// <param name="task">The task's rows.</param>
    /// <param name="request">How long and how fast.</param>
    /// <param name="progress">Receives a report after each step, or null.</param>
    /// <param name="stop">Stops at the next step.</param>
    /// <exception cref="OperationCanceledException">The training run was stopped.</exception>
    public TrainingRun Train(TunedModel model, EncodedTask task, TrainingRequest request, IProgress<TrainingProgress>? progress, CancellationToken stop) => Train(model, task, request, progress, stop, null);

    /// <summary>The same, resumed from a checkpoint and written to it.</summary>
    internal TrainingRun Train(TunedModel model, EncodedTask task, TrainingRequest request, IProgress<TrainingProgress>? progress, CancellationToken stop, TrainingCheckpoint? checkpoint)
    {
        if (request.AveragedRuns == 1 || request.Epochs == 0) return TrainOnce(model, task, request, progress, stop, checkpoint);
        using var average = new AveragedValues(model.Parameters.Values);
        checkpoint?.ReadAverage(average);
        var earlier = average.Finished.Seconds;
        for (var run = average.Finished.Count; run < request.AveragedRuns; run++)
        {
            var (clock, before) = (Stopwatch.StartNew(), average.Finished);
            average.Restart();
            var once = request with { Seed = AveragedValues.Seed(request.Seed, run), ScoresEveryEpoch = false, ScoresValidationEveryEpoch = false, Predicted = null };
            var result = TrainOnce(model, task, once, progress is null ? null : new RunProgress(progress, run, request.AveragedRuns, before.Examples), stop, checkpoint);
            earlier += result.EarlierSeconds;
            var examples = before.Examples + result.ExampleSteps;
            if (result.Failure is not null) return result with { ExampleSteps = examples, EarlierSeconds = earlier };
            average.Add(new(run + 1, examples, before.Loss + (result.Epochs[^1].Loss / request.AveragedRuns), before.Seconds + result.EarlierSeconds + clock.Elapsed.TotalSeconds));
        }
        average.Apply();
        var scores = Score(model, task.Task, task.Selecting, stop, request.Predicted);
        return new([new(average.Finished.Loss, scores?.Score)], scores, average.Finished.Examples, scores is null ? "the logits of the averaged model were not finite" : null) { EarlierSeconds = earlier };
    }

    private TrainingRun TrainOnce(TunedModel model, EncodedTask task, TrainingRequest request, IProgress<TrainingProgress>? progress, CancellationToken stop, TrainingCheckpoint? checkpoint)
    {
        var (epochs, learningRate, seed) = request;
        var clock = Stopwatch.StartNew();
        manual_seed(seed);
        int[] lengths = [.. task.Train.Select(row => row.Length)];
        var steps = Steps(lengths, seed, epochs);
        var schedule = LinearWarmUp.OfShare(learningRate * request.RateFactor, settings.WarmUp, steps);
        using var scope = NewDisposeScope();
        using var optimizer = new FlatAdamW(model.Parameters, settings.WeightDecay, LearningRateFactors.Compute(model.Owners, settings, learningRate));
        using var best = new BestEpoch(model.Parameters.Values, settings.Patience);
        Tensor? kept = null;
        var resumed = checkpoint?.Read(model.Parameters.Values, optimizer, out kept) ?? TrainingPosition.Start;
        // the checkpoint has the CPU's random numbers; on a GPU, dropout continues with others
        if (resumed.Step > 0 && model.Device.type == TorchSharp.DeviceType.CUDA) cuda.manual_seed_all(seed + resumed.Step);
        best.Resume(kept, resumed.BestScore, resumed.Worse);
        List<EpochResult> results = [.. resumed.Epochs];
        var epochScores = ScoresOf(results);
        var (step, examples, sum) = (resumed.Step, resumed.Examples, resumed.LossSum);
        TaskScores? scores = null;
        StepLoss? unread = null;

        for (var epoch = resumed.Epoch; epoch < epochs; epoch++)
        {
            model.Training = true;
            var done = epoch == resumed.Epoch ? resumed.Batch : 0;
            foreach (var rows in Batches(lengths, seed, epoch).Skip(done))
            {
                if (checkpoint is not null && step > resumed.Step && (stop.IsCancellationRequested || checkpoint.IsDue))
                {
                    if (Settle(null) is { } ended) return ended;
                    Keep(epoch, done);
                }
                stop.ThrowIfCancellationRequested();
                var next = Backward(model, [.. rows.Select(row => task.Train[row])], step + 1);
                optimizer.Step(schedule.At(step));
                step++;
                done++;
                // what the step before computed is there by now; this step's may still be on its way
                if (Settle(next) is { } failed) return failed;
            }
            if (Settle(null) is { } failedLast) return failedLast;
            if (stop.IsCancellationRequested) Keep(epoch, done);
            stop.ThrowIfCancellationRequested();
            var isScored = request.ScoresEveryEpoch || settings.Patience is not null || epoch == epochs - 1;
            // the last step of an epoch may have made the model diverge, which predictions alone would not show
            scores = isScored ? Score(model, task.Task, task.Selecting, stop, request.Predicted) : null;
            if (isScored && scores is null) return Failed("logits were", step);
            results.Add(new(sum / task.Train.Count, scores?.Score)
            {
                Validation = request.ScoresValidationEveryEpoch && task.Selection.Count > 0 ? Score(model, task.Task, task.Validation, stop)?.Score : null,
            });
            epochScores = ScoresOf(results);
            sum = 0;
            if (scores is not null && best.EndsAfter(scores.Score)) break;
        }
        if (epochs == 0 || best.Restore()) scores = Score(model, task.Task, task.Selecting, stop, request.Predicted);
        return new(results, scores, examples, epochs == 0 && scores is null ? "the logits of the untrained model were not finite" : null) { EarlierSeconds = resumed.Seconds };

        void Keep(int epoch, int done) => checkpoint?.Write(
            new(epoch, done, step, examples, sum, results, best.Score, best.Worse, resumed.Seconds + clock.Elapsed.TotalSeconds), model.Parameters.Values, optimizer, best.Values);

        // adds the step that is not read yet to the sums, or ends the run if something in it was not finite
        TrainingRun? Settle(StepLoss? next)
        {
            using var past = unread;
            unread = next;
            if (past is null) return null;
            var loss = past.Loss;
            if (!double.IsFinite(loss) || !double.IsFinite(past.GradientNorm)) return Failed(double.IsFinite(loss) ? "gradient was" : "loss was", past.Number);
            examples += past.Rows;
            sum += loss * past.Rows;
            var report = new TrainingProgress(past.Number, steps, examples, loss) { EpochScores = epochScores };
            progress?.Report(report);
            return past.Number < steps && request.Ends?.Invoke(report) == true ? TrainingRun.Ended(results, report) with { EarlierSeconds = resumed.Seconds } : null;
        }

        TrainingRun Failed(string what, int at) => new(results, null, examples, TrainingRun.Divergence(what, at, schedule)) { EarlierSeconds = resumed.Seconds };
    }

    /// <summary>The number of steps of some epochs.</summary>
    internal int Steps(IReadOnlyList<int> lengths, int seed, int epochs) => settings.TokensPerBatch is null
        ? epochs * ((lengths.Count + settings.BatchSize - 1) / settings.BatchSize)
        : Enumerable.Range(0, epochs).Sum(epoch => Batches(lengths, seed, epoch).Count);

    /// <summary>The rows of each step of an epoch, by index.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Batches(IReadOnlyList<int> lengths, int seed, int epoch) => settings.TokensPerBatch is { } tokens
        ? BatchPlan.Bucketed(lengths, tokens, seed, epoch)
        : BatchPlan.Train(lengths, settings.BatchSize, seed, epoch);

    /// <summary>Scores a model on some splits.</summary>
    /// <param name="model">The model; it is left in evaluation mode.</param>
    /// <param name="task">The task.</param>
    /// <param name="splits">The splits by name.</param>
    /// <param name="stop">Stops at the next batch.</param>
    /// <param name="predicted">Receives the predictions of each split, or null.</param>
    /// <returns>The scores, or null where a logit is not finite.</returns>
    public TaskScores? Score(
        TunedModel model, TaskDefinition task, IReadOnlyList<(string Name, IReadOnlyList<EncodedExample> Rows)> splits, CancellationToken stop, Action<IReadOnlyList<Prediction>>? predicted = null)
    {
        var (finite, count, clock) = (true, 0, new Stopwatch());
        var scores = TaskScores.Of(task, splits, rows =>
        {
            clock.Start();
            var predictions = objective.Predict(model, rows, stop);
            clock.Stop();
            count += rows.Count;
            finite &= predictions.All(prediction => prediction.IsFinite);
            predicted?.Invoke(predictions);
            return predictions;
        });
        return finite ? scores with { Speed = new(clock.Elapsed.TotalMilliseconds / Math.Max(1, count), objective.PredictionBatchSize) } : null;
    }

    // what it returns belongs to the caller's dispose scope
    internal StepLoss Backward(TunedModel model, IReadOnlyList<EncodedExample> rows, int number)
    {
        using var scope = NewDisposeScope();
        model.Parameters.ZeroGradients();
        var losses = new List<(Tensor, double)>();
        foreach (var (part, share) in Parts(rows))
        {
            using var partScope = NewDisposeScope();
            var loss = objective.Loss(model, TensorBatch.Of(part, paddingId, model.Device));
            (share == 1 ? loss : loss.Times(share)).backward();
            losses.Add((loss.detach().MoveToOuterDisposeScope(), share));
        }

        foreach (var (loss, _) in losses) loss.MoveToOuterDisposeScope();
        return new(number, rows.Count, losses, GradientClipping.Clip(model.Parameters.Gradients, settings.GradientClipping).MoveToOuterDisposeScope());
    }

    // the parts of a step and their shares of the mean loss
    internal IEnumerable<(IReadOnlyList<EncodedExample> Rows, double Share)> Parts(IReadOnlyList<EncodedExample> rows)
    {
        if (settings.GradientAccumulation == 1) return [(rows, 1)];
        var size = (rows.Count + settings.GradientAccumulation - 1) / settings.GradientAccumulation;
        var whole = objective.Weight(rows);
        // a part whose labels all have the weight 0 has no mean
        return rows.Chunk(size).Select(part => ((IReadOnlyList<EncodedExample>)part, objective.Weight(part) / whole)).Where(part => part.Item2 != 0);
    }

    // of the epochs that were scored
    internal static double[] ScoresOf(IEnumerable<EpochResult> epochs) => [.. epochs.Select(epoch => epoch.Score).OfType<double>()];

    // one of several runs as a part of all of them, whose scores are not those of the average
    private sealed class RunProgress(IProgress<TrainingProgress> whole, int run, int runs, long examples) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => whole.Report(value with { Step = (run * value.Steps) + value.Step, Steps = runs * value.Steps, Examples = examples + value.Examples, EpochScores = [] });
    }
}

/// <summary>The result of training.</summary>
/// <param name="Epochs">The finished epochs.</param>
/// <param name="Scores">The scores at the end, on the rows that select; null where the training failed.</param>
/// <param name="ExampleSteps">Rows trained on, counted once per epoch.</param>
/// <param name="Failure">Why it stopped early, or null.</param>
public sealed record TrainingRun(IReadOnlyList<EpochResult> Epochs, TaskScores? Scores, long ExampleSteps, string? Failure)
{
    /// <summary>The seconds that earlier processes trained before this one resumed.</summary>
    public double EarlierSeconds { get; init; }

    /// <summary>Whether <see cref="FineTuningRequest.Ends"/> ended it.</summary>
    public bool WasEnded { get; init; }

    /// <summary>A run that its caller ended.</summary>
    /// <param name="epochs">The finished epochs.</param>
    /// <param name="progress">Where it stood.</param>
    internal static TrainingRun Ended(IReadOnlyList<EpochResult> epochs, TrainingProgress progress) =>
        new(epochs, null, progress.Examples, string.Create(CultureInfo.InvariantCulture, $"it was ended at step {progress.Step} of {progress.Steps}")) { WasEnded = true };

    /// <summary>Says that a training run diverged.</summary>
    /// <param name="what">What was not finite, with its verb.</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="schedule">The learning rates of the run.</param>
    internal static string Divergence(string what, int step, LinearWarmUp schedule) =>
        string.Create(CultureInfo.InvariantCulture, $"the {what} not finite at step {step} of {schedule.Steps}; a lower learning rate than {schedule.Peak} may help");
}

/// <summary>One pass over the training rows.</summary>
/// <param name="Loss">The mean training loss.</param>
/// <param name="Score">The score in points on the rows that select after the epoch, or null where they were not scored.</param>
public sealed record EpochResult(double Loss, double? Score)
{
    /// <summary>The score in points on the validation rows after the epoch, where selection rows select and <see cref="TrainingRequest.ScoresValidationEveryEpoch"/> asks for it; null otherwise.</summary>
    public double? Validation { get; init; }
}

/// <summary>How long and how fast a model is trained.</summary>
/// <param name="Epochs">Passes over the training rows, at least 0.</param>
/// <param name="LearningRate">The learning rate after the warm-up.</param>
/// <param name="Seed">The seed of the rows' order and of dropout.</param>
public sealed record TrainingRequest(int Epochs, double LearningRate, int Seed)
{
    /// <summary>Whether the rows that select are scored after every epoch, not only after the last.</summary>
    public bool ScoresEveryEpoch { get; init; } = true;

    /// <summary>Whether the validation rows are scored after every epoch too, where selection rows select.</summary>
    public bool ScoresValidationEveryEpoch { get; init; }

    /// <summary>Receives the predictions for the rows that select each time they are scored, or null. See <see cref="FineTuningRequest.Predicted"/>.</summary>
    public Action<IReadOnlyList<Prediction>>? Predicted { get; init; }

    /// <summary>Whether the run ends after a step, or null. See <see cref="FineTuningRequest.Ends"/>.</summary>
    public Func<TrainingProgress, bool>? Ends { get; init; }

    /// <summary>The number of runs from the same initial values whose trained values are averaged, at least 1. See <see cref="TrainingSettings.AveragedRuns"/>.</summary>
    public int AveragedRuns { get; init; } = 1;

    /// <summary>What every learning rate of the run is multiplied by: those of strategies and of the head too.</summary>
    public double RateFactor { get; init; } = 1;
}
