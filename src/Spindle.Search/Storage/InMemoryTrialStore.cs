using System.Globalization;
using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>A store in memory, for tests and for searches that need not be resumed.</summary>
public sealed class InMemoryTrialStore : ITrialStore
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<long, Trial> trials = [];
    private readonly Dictionary<TrialKey, long> ids = [];
    private readonly Dictionary<long, string> tokens = [];
    private readonly Dictionary<long, IReadOnlyList<SplitPredictions>> predictions = [];
    private readonly SortedSet<(int Priority, long Id)> pending = [];
    private IReadOnlyList<StageRecord> stages = [];
    private readonly List<StoreNote> notes = [];
    private readonly Dictionary<long, IReadOnlyList<LossPoint>> losses = [];
    private SearchControl control = new();
    private bool driven;
    private long numbered;
    private long claims;
    private long ended;

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public StudyRecord? Study { get; private set; }

    /// <inheritdoc/>
    public IDisposable LockForDriver()
    {
        lock (gate)
        {
            if (driven) throw new SearchException("another search is running on this store; wait for it, or stop it");
            driven = true;
            return new DriverLock(this);
        }
    }

    /// <inheritdoc/>
    public void Register(StudyRecord study)
    {
        lock (gate)
        {
            if (Study is not null) StoreErrors.RequireSame(Name, Study, study);
            Study = Study is { } there ? study.Continuing(there) : study;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<StageRecord> Stages()
    {
        lock (gate) return stages;
    }

    /// <inheritdoc/>
    public void SaveStages(IReadOnlyList<StageRecord> stages)
    {
        lock (gate) this.stages = [.. stages];
    }

    /// <inheritdoc/>
    public int Add(IReadOnlyList<TrialSpec> trials)
    {
        lock (gate)
        {
            var fresh = new OrderedDictionary<TrialKey, TrialSpec>();
            foreach (var spec in trials)
            {
                var there = ids.TryGetValue(spec.Key, out var id) ? this.trials[id].Spec : null;
                if (there is null && !fresh.TryGetValue(spec.Key, out there)) fresh.Add(spec.Key, there = spec);
                if (!StoredPlan.IsSameDesign(there.Plan, spec.Plan)) throw StoreErrors.OtherTrial(Name, spec.Key);
            }

            foreach (var spec in fresh.Values)
            {
                var trial = new Trial(++numbered, spec, TrialState.Pending) { Added = DateTimeOffset.UtcNow };
                this.trials.Add(trial.Id, trial);
                ids.Add(spec.Key, trial.Id);
                pending.Add((spec.Priority, trial.Id));
            }

            return fresh.Count;
        }
    }

    /// <inheritdoc/>
    public int RemovePendingExcept(IReadOnlySet<TrialKey> requested)
    {
        lock (gate)
        {
            Trial[] removed = [.. trials.Values.Where(trial => trial.State == TrialState.Pending && !requested.Contains(trial.Spec.Key))];
            foreach (var trial in removed)
            {
                trials.Remove(trial.Id);
                ids.Remove(trial.Spec.Key);
                pending.Remove((trial.Spec.Priority, trial.Id));
            }

            return removed.Length;
        }
    }

    /// <inheritdoc/>
    public ClaimedTrial? Claim(string worker)
    {
        lock (gate)
        {
            if (pending.Count == 0 || control.IsPaused) return null;
            var first = pending.Min;
            pending.Remove(first);
            losses.Remove(first.Id);
            var now = DateTimeOffset.UtcNow;
            var trial = trials[first.Id] with { State = TrialState.Running, Worker = worker, Started = now, Heard = now, Examples = 0, EpochScores = [] };
            trials[first.Id] = trial;
            var token = (++claims).ToString(CultureInfo.InvariantCulture);
            tokens[trial.Id] = token;
            return new(trial.Id, trial.Spec, token);
        }
    }

    /// <inheritdoc/>
    public bool Heartbeat(ClaimedTrial claim, long examples, IReadOnlyList<LossPoint>? losses = null, IReadOnlyList<double>? epochScores = null) => Change(
        claim,
        trial =>
        {
            if (losses is not null) this.losses[claim.Id] = losses;
            return trial with { Heard = DateTimeOffset.UtcNow, Examples = examples, EpochScores = epochScores ?? trial.EpochScores };
        },
        ends: false);

    /// <inheritdoc/>
    public bool Complete(ClaimedTrial claim, TrialOutcome outcome)
    {
        var (state, kept) = StoredOutcome.Classify(outcome);
        return Change(
            claim,
            trial =>
            {
                if (kept.Predictions.Count > 0) predictions[trial.Id] = kept.Predictions;
                return trial with { State = state, Outcome = kept with { Predictions = [] }, EpochScores = kept.EpochScores, Failure = kept.Failure, Ended = DateTimeOffset.UtcNow };
            },
            ends: true);
    }

    /// <inheritdoc/>
    public bool Fail(ClaimedTrial claim, string failure) =>
        Change(claim, trial => trial with { State = TrialState.Failed, Failure = failure, Ended = DateTimeOffset.UtcNow }, ends: true);

    /// <inheritdoc/>
    public bool Release(ClaimedTrial claim) => Change(claim, PutBack, ends: true);

    /// <inheritdoc/>
    public int ReleaseAll()
    {
        lock (gate) return ChangeAll(trial => trial.State == TrialState.Running, PutBack).Count;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Lose(string worker, int mostLosses, string failure)
    {
        lock (gate)
        {
            return ChangeAll(
                trial => trial.State == TrialState.Running && trial.Worker == worker,
                trial => trial.Losses < mostLosses
                    ? PutBack(trial) with { Losses = trial.Losses + 1 }
                    : trial with { State = TrialState.Failed, Failure = failure, Losses = trial.Losses + 1, Ended = DateTimeOffset.UtcNow });
        }
    }

    /// <inheritdoc/>
    public int Retry(string stage, string option)
    {
        lock (gate)
        {
            return ChangeAll(
                trial => trial.State == TrialState.Failed && trial.Spec.Key.Stage == stage && trial.Spec.Key.Option == option,
                trial => PutBack(trial) with { Losses = 0 }).Count;
        }
    }

    /// <inheritdoc/>
    public bool Retry(long id)
    {
        lock (gate)
        {
            predictions.Remove(id);
            return ChangeAll(trial => trial.Id == id && trial.IsFinished, trial => PutBack(trial) with { Losses = 0, Outcome = null }).Count == 1;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Trials(string? stage = null)
    {
        lock (gate) return [.. trials.Values.Where(trial => stage is null || trial.Spec.Key.Stage == stage)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Trial> Running()
    {
        lock (gate) return [.. trials.Values.Where(trial => trial.State == TrialState.Running)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Trial> EndedAfter(long order)
    {
        lock (gate) return [.. trials.Values.Where(trial => trial.EndOrder > order).OrderBy(trial => trial.EndOrder)];
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<long, IReadOnlyList<SplitPredictions>> Predictions(string stage)
    {
        lock (gate) return Trials(stage).Where(trial => predictions.ContainsKey(trial.Id)).ToDictionary(trial => trial.Id, trial => predictions[trial.Id]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<OptionCount> Count()
    {
        lock (gate)
        {
            return [.. trials.Values.GroupBy(trial => (trial.Spec.Key.Stage, trial.Spec.Key.Option, trial.Spec.Key.Given)).Select(option => new OptionCount(
                option.Key.Stage,
                option.Key.Option,
                option.Key.Given,
                option.Count(),
                option.Count(trial => trial.State == TrialState.Running),
                option.Count(trial => trial.IsFinished),
                option.Count(trial => trial.State == TrialState.Failed),
                option.Where(trial => trial.IsFinished).Sum(trial => trial.Points),
                option.Sum(trial => trial.Outcome?.ExampleSteps ?? trial.Examples),
                option.Where(trial => trial.IsFinished).Sum(trial => (long)trial.Spec.Key.Epochs),
                option.Sum(trial => (long)trial.Spec.Key.Epochs)))];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LossPoint> Losses(long id)
    {
        lock (gate) return losses.GetValueOrDefault(id, []);
    }

    /// <inheritdoc/>
    public SearchControl Control()
    {
        lock (gate) return control;
    }

    /// <inheritdoc/>
    public SearchControl Ask(Func<SearchControl, SearchControl> change)
    {
        lock (gate) return control = change(control);
    }

    /// <inheritdoc/>
    public void Note(string text)
    {
        lock (gate)
            if (!notes.Exists(note => note.Text == text))
                notes.Add(new(DateTimeOffset.UtcNow, text));
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoreNote> Notes()
    {
        lock (gate) return [.. notes];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static Trial PutBack(Trial trial) =>
        trial with { State = TrialState.Pending, Failure = null, Worker = null, Started = null, Heard = null, Ended = null, EndOrder = null, Examples = 0, EpochScores = [] };

    private bool Change(ClaimedTrial claim, Func<Trial, Trial> change, bool ends)
    {
        lock (gate)
        {
            if (!tokens.TryGetValue(claim.Id, out var token) || token != claim.Token) return false;
            Put(claim.Id, change);
            if (ends) tokens.Remove(claim.Id);
            return true;
        }
    }

    private List<Trial> ChangeAll(Func<Trial, bool> which, Func<Trial, Trial> change)
    {
        var changed = new List<Trial>();
        foreach (var id in trials.Values.Where(which).Select(trial => trial.Id).ToArray())
        {
            Put(id, change);
            tokens.Remove(id);
            changed.Add(trials[id]);
        }

        return changed;
    }

    private void Put(long id, Func<Trial, Trial> change)
    {
        var trial = change(trials[id]);
        trials[id] = trial.IsFinished && trial.EndOrder is null ? trial with { EndOrder = ++ended } : trial;
        if (trial.State == TrialState.Pending) pending.Add((trial.Spec.Priority, id));
    }

    private sealed class DriverLock(InMemoryTrialStore store) : IDisposable
    {
        public void Dispose()
        {
            lock (store.gate) store.driven = false;
        }
    }
}
