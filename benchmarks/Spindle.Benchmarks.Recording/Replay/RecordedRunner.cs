using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Benchmarks.Recording.Replay;

/// <summary>Answers trials from the table in place of training. A trial never learns from more than it asks for and pays for: its score is that of the largest recorded number of rows and of epochs up to what was asked.</summary>
/// <param name="table">The table.</param>
/// <param name="draw">The rows that select and report.</param>
/// <param name="study">The study, for its own learning rate.</param>
internal sealed class RecordedRunner(ReplayTable table, RowDraw draw, SearchStudy study) : ITrialRunner
{
    private readonly double ownRate = study.LearningRates.First(rate => rate.IsBase).OfStrategies;

    /// <summary>The rows that select and report.</summary>
    public RowDraw Draw => draw;

    /// <summary>The trials that were answered.</summary>
    public int Trials { get; private set; }

    /// <summary>Those of them whose design was recorded.</summary>
    public int Exact { get; private set; }

    /// <summary>The example passes that they cost: rows times epochs.</summary>
    public long Examples { get; private set; }

    /// <summary>The candidate that stands for a trial's plan.</summary>
    public RecordedCandidate CandidateOf(TrialKey key, TuningPlan plan) => Find(key, plan).Candidate;

    /// <inheritdoc/>
    public TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop)
    {
        var key = request.Key;
        var (candidate, distance) = Find(key, request.Plan);
        var asked = Math.Min(key.TrainingRows ?? int.MaxValue, table.Rows[^1]);
        var trial = candidate.Trial(key.Task, SeedOf(key), table.Rows.LastOrDefault(rows => rows <= asked, table.Rows[0]));
        var passes = (long)Math.Max(asked, table.Rows[0]) * key.Epochs;
        (Trials, Examples) = (Trials + 1, Examples + passes);
        if (distance == 0) Exact++;
        var epochs = Math.Min(key.Epochs, trial.Predictions.Count);
        var failure = epochs == 0 || (trial.Failure is not null && key.Epochs > trial.Predictions.Count) ? trial.Failure ?? "no epoch is recorded" : null;
        return new(
            failure is null ? draw.Selection(trial, epochs) : null, new Dictionary<string, double>(), [.. Enumerable.Range(1, epochs).Select(epoch => draw.Selection(trial, epoch))], trial.Trained, trial.HeadParameters, passes, trial.Seconds, failure)
        {
            Validation = failure is null && request.ScoresValidation && epochs == trial.Predictions.Count ? draw.Report(trial) : null,
        };
    }

    // the final comparison numbers its seeds; elsewhere, trials that a policy pairs have the same seed
    private int SeedOf(TrialKey key) => table.Seeds[(key.Stage == FinalComparison.StageName ? key.Sample : key.Seed) % table.Seeds.Count];

    private (RecordedCandidate Candidate, long Distance) Find(TrialKey key, TuningPlan plan) => plan is TuningPlan.Sized sized
        ? table.Find(sized, key.LearningRate ?? ownRate)
        : throw new InvalidDataException("full fine-tuning is not recorded; leave it out of the baselines");
}
