using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Synthetic;

/// <summary>A store whose process is gone from some call on: nothing reaches the file any more, as after <c>kill -9</c>.</summary>
internal sealed class DyingStore(ITrialStore inner, Func<bool> dies) : ITrialStore
{
    private volatile bool dead;

    public string Name => inner.Name;

    public StudyRecord? Study => Alive(() => inner.Study);

    public IDisposable LockForDriver() => inner.LockForDriver();

    public void Register(StudyRecord study) => Alive(() =>
    {
        inner.Register(study);
        return 0;
    });

    public IReadOnlyList<StageRecord> Stages() => Alive(inner.Stages);

    public void SaveStages(IReadOnlyList<StageRecord> stages) => Alive(() =>
    {
        inner.SaveStages(stages);
        return 0;
    });

    public int Add(IReadOnlyList<TrialSpec> trials) => Alive(() => inner.Add(trials));

    public int RemovePendingExcept(IReadOnlySet<TrialKey> requested) => Alive(() => inner.RemovePendingExcept(requested));

    public ClaimedTrial? Claim(string worker) => Alive(() => inner.Claim(worker));

    public bool Heartbeat(ClaimedTrial claim, long examples, IReadOnlyList<LossPoint>? losses = null, IReadOnlyList<double>? epochScores = null) => Alive(() => inner.Heartbeat(claim, examples, losses, epochScores));

    public bool Complete(ClaimedTrial claim, TrialOutcome outcome)
    {
        // only work moves the end nearer, so that every round gets somewhere
        if (dies()) dead = true;
        return Alive(() => inner.Complete(claim, outcome));
    }

    public bool Fail(ClaimedTrial claim, string failure) => Alive(() => inner.Fail(claim, failure));

    public bool Release(ClaimedTrial claim) => Alive(() => inner.Release(claim));

    public int ReleaseAll() => Alive(inner.ReleaseAll);

    public IReadOnlyList<Trial> Lose(string worker, int mostLosses, string failure) => Alive(() => inner.Lose(worker, mostLosses, failure));

    public int Retry(string stage, string option) => Alive(() => inner.Retry(stage, option));

    public bool Retry(long id) => Alive(() => inner.Retry(id));

    public IReadOnlyList<Trial> Trials(string? stage = null) => Alive(() => inner.Trials(stage));

    public IReadOnlyList<Trial> Running() => Alive(inner.Running);

    public IReadOnlyList<Trial> EndedAfter(long order) => Alive(() => inner.EndedAfter(order));

    public IReadOnlyDictionary<long, IReadOnlyList<SplitPredictions>> Predictions(string stage) => Alive(() => inner.Predictions(stage));

    public IReadOnlyList<OptionCount> Count() => Alive(inner.Count);

    public IReadOnlyList<LossPoint> Losses(long id) => Alive(() => inner.Losses(id));

    public SearchControl Control() => Alive(inner.Control);

    public SearchControl Ask(Func<SearchControl, SearchControl> change) => Alive(() => inner.Ask(change));

    public void Note(string text) => Alive(() =>
    {
        inner.Note(text);
        return 0;
    });

    public IReadOnlyList<StoreNote> Notes() => Alive(inner.Notes);

    public void Dispose() => inner.Dispose();

    private T Alive<T>(Func<T> act) => dead ? throw new Death() : act();

    internal sealed class Death() : Exception("the process is gone");
}
