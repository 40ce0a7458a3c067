using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Lanes;
using Spindle.Models.Numerics;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.Optimization;
using Spindle.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>Trains several models on one task in common passes over their backbone. Each ends as <see cref="Trainer"/> alone would end it, except for rounding and for dropout's random numbers.</summary>
/// <param name="settings">How to train; one run each, without averages.</param>
/// <param name="objective">The loss, and the predictions that are scored.</param>
/// <param name="paddingId">The id of the padding token.</param>
public sealed class LaneTrainer(TrainingSettings settings, IObjective objective, int paddingId)
{
    private readonly Trainer alone = new(settings, objective, paddingId);

    /// <summary>Trains the models. One that diverges, or is ended by <see cref="TrainingRequest.Ends"/>, leaves the others at that step.</summary>
    /// <param name="backbone">The backbone of all models.</param>
    /// <param name="models">The models, all suspended; <see cref="TunedLanes.Obstacle"/> must be null for each. They are suspended at the end too.</param>
    /// <param name="task">The task's rows.</param>
    /// <param name="requests">How long and how fast, for each model. All have the same seed and the same epochs, at least 1.</param>
    /// <param name="progress">Receives a report after each step, or null.</param>
    /// <param name="stop">Stops at the next step.</param>
    /// <returns>The result of each model.</returns>
    /// <exception cref="OperationCanceledException">The training was stopped.</exception>
    public IReadOnlyList<TrainingRun> Train(
        IBackbone backbone, IReadOnlyList<TunedModel> models, EncodedTask task, IReadOnlyList<TrainingRequest> requests, IProgress<TrainingProgress>? progress, CancellationToken stop)
    {
        var (epochs, seed) = (requests[0].Epochs, requests[0].Seed);
        manual_seed(seed);
        int[] lengths = [.. task.Train.Select(row => row.Length)];
        var steps = alone.Steps(lengths, seed, epochs);
        Lane[] lanes = [.. models.Zip(requests, (model, request) => new Lane(model, request, settings, steps))];
        try
        {
            var step = 0;
            for (var epoch = 0; epoch < epochs && lanes.Any(lane => lane.IsRunning); epoch++)
            {
                var batches = alone.Batches(lengths, seed, epoch).GetEnumerator();
                // once more for each lane that leaves
                while (Rest(lanes) is { Length: > 0 } running)
                {
                    using var shared = new TunedLanes(backbone, [.. running.Select(lane => lane.Model)]);
                    foreach (var lane in running) lane.Model.Training = true;
                    var isWhole = true;
                    while (isWhole && batches.MoveNext())
                    {
                        stop.ThrowIfCancellationRequested();
                        Step(shared, running, [.. batches.Current.Select(row => task.Train[row])]);
                        step++;
                        progress?.Report(new(step, steps, running[0].Examples, running[0].LastLoss));
                        isWhole = running.All(lane => lane.IsRunning);
                    }
                    if (isWhole) break;
                }

                foreach (var lane in Rest(lanes)) EndEpoch(lane, task, isLast: epoch == epochs - 1, stop);
            }

            return [.. lanes.Select(lane => Result(lane, task, stop))];
        }
        finally
        {
            foreach (var lane in lanes) lane.Dispose();
        }
    }

    private static Lane[] Rest(Lane[] lanes) => [.. lanes.Where(lane => lane.IsRunning)];

    private void Step(TunedLanes shared, Lane[] lanes, IReadOnlyList<EncodedExample> rows)
    {
        using var scope = NewDisposeScope();
        foreach (var lane in lanes) lane.BeginStep();
        foreach (var (part, share) in alone.Parts(rows))
        {
            using var partScope = NewDisposeScope();
            shared.BeginStep();
            var batch = TensorBatch.Of(part, paddingId, lanes[0].Model.Device);
            Tensor[] losses = [.. lanes.Select(lane => objective.Loss(lane.Model, batch))];
            // the lanes have no trained value in common, so each gets the gradient of its loss alone
            var sum = losses.Aggregate((total, loss) => total.Plus(loss));
            (share == 1 ? sum : sum.Times(share)).backward();
            foreach (var (lane, loss) in lanes.Zip(losses)) lane.AddLoss(share * loss.ToDouble());
        }

        foreach (var lane in lanes) lane.EndStep(rows.Count, settings.GradientClipping);
    }

    private void EndEpoch(Lane lane, EncodedTask task, bool isLast, CancellationToken stop)
    {
        TaskScores? scores = null;
        var isScored = isLast || lane.Request.ScoresEveryEpoch || settings.Patience is not null;
        if (isScored && (scores = Score(lane, task, stop)) is null) lane.Fail("logits were");
        else lane.EndEpoch(scores, task.Train.Count);
    }

    private TrainingRun Result(Lane lane, EncodedTask task, CancellationToken stop)
    {
        if (lane.Ended is { } ended) return ended;
        var scores = lane.Failure is null && lane.Best.Restore() ? Score(lane, task, stop) : lane.Scores;
        return new(lane.Results, lane.Failure is null ? scores : null, lane.Examples, lane.Failure);
    }

    private TaskScores? Score(Lane lane, EncodedTask task, CancellationToken stop)
    {
        lane.Model.Resume();
        try
        {
            return alone.Score(lane.Model, task.Task, task.Selecting, stop);
        }
        finally
        {
            lane.Model.Suspend();
        }
    }

    // one model and where its training stands
    private sealed class Lane : IDisposable
    {
        private readonly FlatAdamW optimizer;
        private readonly LinearWarmUp schedule;
        private readonly List<EpochResult> results = [];
        private double sum;
        private readonly int steps;
        private bool hasEnded;
        private int step;

        public Lane(TunedModel model, TrainingRequest request, TrainingSettings settings, int steps)
        {
            (Model, Request, this.steps) = (model, request, steps);
            schedule = LinearWarmUp.OfShare(request.LearningRate * request.RateFactor, settings.WarmUp, steps);
            optimizer = new(model.Parameters, settings.WeightDecay, LearningRateFactors.Compute(model.Owners, settings, request.LearningRate));
            Best = new(model.Parameters.Values, settings.Patience);
        }

        public TunedModel Model { get; }

        public TrainingRequest Request { get; }

        public BestEpoch Best { get; }

        public IReadOnlyList<EpochResult> Results => results;

        public TaskScores? Scores { get; private set; }

        public string? Failure { get; private set; }

        public TrainingRun? Ended { get; private set; }

        public long Examples { get; private set; }

        public double LastLoss { get; private set; }

        public bool IsRunning => Failure is null && Ended is null && !hasEnded;

        public void BeginStep()
        {
            Model.Parameters.ZeroGradients();
            LastLoss = 0;
        }

        public void AddLoss(double loss) => LastLoss += loss;

        public void EndStep(int rows, double largestNorm)
        {
            using var clipped = GradientClipping.Clip(Model.Parameters.Gradients, largestNorm);
            var norm = clipped.ToDouble();
            if (!double.IsFinite(LastLoss) || !double.IsFinite(norm))
            {
                step++;
                Fail(double.IsFinite(LastLoss) ? "gradient was" : "loss was");
                return;
            }
            optimizer.Step(schedule.At(step++));
            Examples += rows;
            sum += LastLoss * rows;
            if (step == steps || Request.Ends is not { } ends) return;
            var report = new TrainingProgress(step, steps, Examples, LastLoss) { EpochScores = Trainer.ScoresOf(results) };
            if (ends(report)) Ended = TrainingRun.Ended(results, report);
        }

        public void EndEpoch(TaskScores? scores, int rows)
        {
            Scores = scores;
            results.Add(new(sum / rows, scores?.Score));
            sum = 0;
            hasEnded = scores is not null && Best.EndsAfter(scores.Score);
        }

        public void Fail(string what) => Failure = TrainingRun.Divergence(what, step, schedule);

        public void Dispose()
        {
            optimizer.Dispose();
            Best.Dispose();
        }
    }
}
