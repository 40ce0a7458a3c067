using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Tests.Stores;

/// <summary>A store that a program brings: it writes a line for each trial that ends, and keeps everything in another store.</summary>
internal sealed class LoggedStore(ITrialStore inner, TextWriter log) : ITrialStore
{
    public string Name => "log of " + inner.Name;

    public StudyRecord? Study => inner.Study;

    public IDisposable LockForDriver() => inner.LockForDriver();

    public void Register(StudyRecord study) => inner.Register(study);

    public IReadOnlyList<StageRecord> Stages() => inner.Stages();

    public void SaveStages(IReadOnlyList<StageRecord> stages) => inner.SaveStages(stages);

    public int Add(IReadOnlyList<TrialSpec> trials) => inner.Add(trials);

    public int RemovePendingExcept(IReadOnlySet<TrialKey> requested) => inner.RemovePendingExcept(requested);

    public ClaimedTrial? Claim(string worker) => inner.Claim(worker);

    public bool Heartbeat(ClaimedTrial claim, long examples, IReadOnlyList<LossPoint>? losses = null, IReadOnlyList<double>? epochScores = null) => inner.Heartbeat(claim, examples, losses, epochScores);

    public bool Complete(ClaimedTrial claim, TrialOutcome outcome) => Logged(claim, inner.Complete(claim, outcome), "completed");

    public bool Fail(ClaimedTrial claim, string failure) => Logged(claim, inner.Fail(claim, failure), "failed");

    public bool Release(ClaimedTrial claim) => inner.Release(claim);

    public int ReleaseAll() => inner.ReleaseAll();

    public IReadOnlyList<Trial> Lose(string worker, int mostLosses, string failure) => inner.Lose(worker, mostLosses, failure);

    public int Retry(string stage, string option) => inner.Retry(stage, option);

    public bool Retry(long id) => inner.Retry(id);

    public IReadOnlyList<Trial> Trials(string? stage = null) => inner.Trials(stage);

    public IReadOnlyList<Trial> Running() => inner.Running();

    public IReadOnlyList<Trial> EndedAfter(long order) => inner.EndedAfter(order);

    public IReadOnlyDictionary<long, IReadOnlyList<SplitPredictions>> Predictions(string stage) => inner.Predictions(stage);

    public IReadOnlyList<OptionCount> Count() => inner.Count();

    public IReadOnlyList<LossPoint> Losses(long id) => inner.Losses(id);

    public SearchControl Control() => inner.Control();

    public SearchControl Ask(Func<SearchControl, SearchControl> change) => inner.Ask(change);

    public void Note(string text) => inner.Note(text);

    public IReadOnlyList<StoreNote> Notes() => inner.Notes();

    public void Dispose() => inner.Dispose();

    private bool Logged(ClaimedTrial claim, bool isRecorded, string state)
    {
        if (isRecorded)
            lock (log) log.WriteLine($"{claim.Spec.Key.Stage} {claim.Spec.Key.Option} {state}");
        return isRecorded;
    }
}
