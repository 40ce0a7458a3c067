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
    private readonly List<Trial> trials = [];
    private readonly Dictionary<TrialKey, int> indices = [];
    private readonly Dictionary<long, string> tokens = [];
    private readonly Dictionary<long, IReadOnlyList<SplitPredictions>> predictions = [];
    private readonly SortedSet<(int Priority, int Index)> pending = [];
    private IReadOnlyList<StageRecord> stages = [];
    private readonly List<StoreNote> notes = [];
    private bool driven;
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
            Study = study;
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
                var there = indices.TryGetValue(spec.Key, out var index) ? this.trials[index].Spec : null;
                if (there is null && !fresh.TryGetValue(spec.Key, out there)) fresh.Add(spec.Key, there = spec);
                if (!StoredPlan.IsSameDesign(there.Plan, spec.Plan)) throw StoreErrors.OtherTrial(Name, spec.Key);
            }

            foreach (var spec in fresh.Values)
            {
                var index = this.trials.Count;
                this.trials.Add(new(index + 1, spec, TrialState.Pending) { Added = DateTimeOffset.UtcNow });
                indices.Add(spec.Key, index);
                pending.Add((spec.Priority, index));
            }

            return fresh.Count;
        }
    }

    /// <inheritdoc/>
    public ClaimedTrial? Claim(string worker)
    {
        lock (gate)
        {
            if (pending.Count == 0) return null;
            var first = pending.Min;
            pending.Remove(first);
            var index = first.Index;
            var now = DateTimeOffset.UtcNow;
            var trial = trials[index] with { State = TrialState.Running, Worker = worker, Started = now, Heard = now, Examples = 0 };
            trials[index] = trial;
            var token = (++claims).ToString(CultureInfo.InvariantCulture);
            tokens[trial.Id] = token;
            return new(trial.Id, trial.Spec, token);
        }
    }

    /// <inheritdoc/>
    public bool Heartbeat(ClaimedTrial claim, long examples) =>
        Change(claim, trial => trial with { Heard = DateTimeOffset.UtcNow, Examples = examples }, ends: false);

    /// <inheritdoc/>
    public bool Complete(ClaimedTrial claim, TrialOutcome outcome)
    {
        var (state, kept) = StoredOutcome.Of(outcome);
        return Change(
            claim,
            trial =>
            {
                if (kept.Predictions.Count > 0) predictions[trial.Id] = kept.Predictions;
                return trial with { State = state, Outcome = kept with { Predictions = [] }, Failure = kept.Failure, Ended = DateTimeOffset.UtcNow };
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
        lock (gate) return [.. trials.Where(trial => stage is null || trial.Spec.Key.Stage == stage)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Trial> EndedAfter(long order)
    {
        lock (gate) return [.. trials.Where(trial => trial.EndOrder > order).OrderBy(trial => trial.EndOrder)];
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
            return [.. trials.GroupBy(trial => (trial.Spec.Key.Stage, trial.Spec.Key.Option, trial.Spec.Key.Given)).Select(option => new OptionCount(
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
        trial with { State = TrialState.Pending, Failure = null, Worker = null, Started = null, Heard = null, Ended = null, EndOrder = null, Examples = 0 };

    private bool Change(ClaimedTrial claim, Func<Trial, Trial> change, bool ends)
    {
        lock (gate)
        {
            if (!tokens.TryGetValue(claim.Id, out var token) || token != claim.Token) return false;
            Put((int)claim.Id - 1, change);
            if (ends) tokens.Remove(claim.Id);
            return true;
        }
    }

    private List<Trial> ChangeAll(Func<Trial, bool> which, Func<Trial, Trial> change)
    {
        var changed = new List<Trial>();
        for (var index = 0; index < trials.Count; index++)
        {
            if (!which(trials[index])) continue;
            Put(index, change);
            tokens.Remove(trials[index].Id);
            changed.Add(trials[index]);
        }

        return changed;
    }

    private void Put(int index, Func<Trial, Trial> change)
    {
        var trial = change(trials[index]);
        trials[index] = trial.IsFinished && trial.EndOrder is null ? trial with { EndOrder = ++ended } : trial;
        if (trial.State == TrialState.Pending) pending.Add((trial.Spec.Priority, index));
    }

    private sealed class DriverLock(InMemoryTrialStore store) : IDisposable
    {
        public void Dispose()
        {
            lock (store.gate) store.driven = false;
        }
    }
}
