using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>Keeps a study's trials while a driver adds them and workers run them. Contract, for every implementation:
/// <list type="bullet">
/// <item>Members can be called from several threads. If processes share a store, each call is one transaction: even if a process is killed
/// at any moment, a call takes effect completely or not at all.</item>
/// <item>A store belongs to one study. Before <see cref="Register"/> it is empty.</item>
/// <item>A trial is added once for each <see cref="TrialKey"/>. Trials are numbered in the order in which they were added. Only pending trials can be removed.</item>
/// <item><see cref="Claim"/> moves a trial from pending to running. <see cref="Complete"/> or <see cref="Fail"/> finishes it, and a release moves it back
/// to pending. Finished trials change only by <see cref="Retry(long)"/>.</item>
/// <item>Each claim has its own token. Once the trial has been released, the token is stale: a call with it changes nothing and
/// returns false, so that a worker that was given up cannot overwrite the work of the next one.</item>
/// <item>A file that is damaged or is not a store causes an <see cref="InvalidDataException"/> with a one-line message.</item>
/// </list></summary>
public interface ITrialStore : IDisposable
{
    /// <summary>The location of the store, for messages.</summary>
    string Name { get; }

    /// <summary>The study that the store belongs to, or null.</summary>
    StudyRecord? Study { get; }

    /// <summary>Locks the store for one driver until the returned object is disposed or the process ends.</summary>
    /// <exception cref="SearchException">Another driver has locked the store.</exception>
    IDisposable LockForDriver();

    /// <summary>Registers the study. A store that belongs to this study, or to one that this study extends, keeps its trials and replaces the study's record.</summary>
    /// <exception cref="InvalidDataException">The store belongs to another study; the message lists the differences by key.</exception>
    void Register(StudyRecord study);

    /// <summary>The stages that have started, in order.</summary>
    IReadOnlyList<StageRecord> Stages();

    /// <summary>Replaces the stages.</summary>
    /// <param name="stages">All stages that have started, in order. Their names are unique.</param>
    void SaveStages(IReadOnlyList<StageRecord> stages);

    /// <summary>Adds the trials whose keys are new, in order: all or none of them.</summary>
    /// <returns>The number of added trials.</returns>
    /// <exception cref="InvalidDataException">A trial with the same key has another design.</exception>
    int Add(IReadOnlyList<TrialSpec> trials);

    /// <summary>Removes the pending trials that are not requested any more: a study that grew may have decided otherwise.</summary>
    /// <param name="requested">The keys of the pending trials that stay.</param>
    /// <returns>The number of removed trials.</returns>
    int RemovePendingExcept(IReadOnlySet<TrialKey> requested);

    /// <summary>Claims the pending trial with the lowest priority number and, among equals, the lowest trial number. No other claim returns the same trial.</summary>
    /// <param name="worker">The worker's name.</param>
    /// <returns>The trial, or null if none is pending or the search is paused.</returns>
    ClaimedTrial? Claim(string worker);

    /// <summary>Reports that a claimed trial is still running.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="examples">The number of rows trained on so far.</param>
    /// <param name="losses">The curve of the training loss so far, or null if it has not changed.</param>
    /// <param name="epochScores">The score after each epoch so far that was scored, or null if they have not changed.</param>
    /// <returns>False if the claim is stale. The caller must then abandon the run.</returns>
    bool Heartbeat(ClaimedTrial claim, long examples, IReadOnlyList<LossPoint>? losses = null, IReadOnlyList<double>? epochScores = null);

    /// <summary>Finishes a claimed trial with its outcome and predictions. A trial with a failure, or with a score that is not finite, has diverged.</summary>
    /// <returns>False if the claim is stale.</returns>
    bool Complete(ClaimedTrial claim, TrialOutcome outcome);

    /// <summary>Finishes a claimed trial that could not be run.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="failure">The reason, in one line.</param>
    /// <returns>False if the claim is stale.</returns>
    bool Fail(ClaimedTrial claim, string failure);

    /// <summary>Releases a claimed trial, as if it had not been claimed.</summary>
    /// <returns>False if the claim is stale.</returns>
    bool Release(ClaimedTrial claim);

    /// <summary>Releases every running trial of every worker.</summary>
    /// <returns>The number of released trials.</returns>
    int ReleaseAll();

    /// <summary>Releases the running trials of a worker that died, and adds 1 to their losses. A trial with more than
    /// <paramref name="mostLosses"/> losses fails.</summary>
    /// <param name="worker">The worker's name.</param>
    /// <param name="mostLosses">How often a trial may be released in this way.</param>
    /// <param name="failure">The reason why it then fails, in one line.</param>
    /// <returns>The trials in their new state.</returns>
    IReadOnlyList<Trial> Lose(string worker, int mostLosses, string failure);

    /// <summary>Releases the failed trials of an option, so that they run again.</summary>
    /// <returns>The number of released trials.</returns>
    int Retry(string stage, string option);

    /// <summary>Releases a finished trial, so that it runs again.</summary>
    /// <param name="id">The trial's number.</param>
    /// <returns>False if the trial has not finished.</returns>
    bool Retry(long id);

    /// <summary>The trials in order of their numbers.</summary>
    /// <param name="stage">Only trials of this stage; null for all.</param>
    IReadOnlyList<Trial> Trials(string? stage = null);

    /// <summary>The running trials in order of their numbers. Cheap: it is read while the search waits.</summary>
    IReadOnlyList<Trial> Running();

    /// <summary>The trials that finished after a given one, in the order in which they finished.</summary>
    /// <param name="order">The <see cref="Trial.EndOrder"/> of the last known trial; 0 for all.</param>
    IReadOnlyList<Trial> EndedAfter(long order);

    /// <summary>The predictions of the trials of a stage, by trial number. Trials without predictions are left out.</summary>
    /// <param name="stage">The stage.</param>
    IReadOnlyDictionary<long, IReadOnlyList<SplitPredictions>> Predictions(string stage);

    /// <summary>The counts of every option of every stage, in the order of their first trials. Cheaper than <see cref="Trials"/>.</summary>
    IReadOnlyList<OptionCount> Count();

    /// <summary>The curve of the training loss in a trial's last run, as far as its heartbeats reported it; empty where they did not.</summary>
    /// <param name="id">The trial's number.</param>
    IReadOnlyList<LossPoint> Losses(long id);

    /// <summary>What was asked of the search. Cheap: it is read while the search waits.</summary>
    SearchControl Control();

    /// <summary>Changes what is asked of the search.</summary>
    /// <param name="change">The change of what was asked before.</param>
    /// <returns>What is asked now.</returns>
    SearchControl Ask(Func<SearchControl, SearchControl> change);

    /// <summary>Adds a note, unless there is one with the same text.</summary>
    void Note(string text);

    /// <summary>The notes in order.</summary>
    IReadOnlyList<StoreNote> Notes();
}
