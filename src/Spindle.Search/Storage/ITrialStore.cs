using Spindle.Metrics.Predictions;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>Keeps a study's trials while a driver adds them and workers run them. Contract, for every implementation:
/// <list type="bullet">
/// <item>Members may be called from several threads. Where a store is shared by processes, each member is one transaction: after a process is killed
/// at any moment, every call is done as a whole or not at all.</item>
/// <item>A store belongs to one study. Before <see cref="Register"/> it is empty.</item>
/// <item>A trial is added once for each <see cref="TrialKey"/>, numbered in the order of adding, and never removed.</item>
/// <item>A trial goes from pending to running by <see cref="Claim"/>, and from there to an end by <see cref="Complete"/> or <see cref="Fail"/>, or back
/// to pending by a release. Ended trials change only by <see cref="Retry"/>.</item>
/// <item>Each claim has its own token. Once the trial was put back, the token is stale: whatever is done with it changes nothing and
/// answers false, so that a worker that was given up cannot spoil the work of the next.</item>
/// <item>A file that is damaged or is not a store gives an <see cref="InvalidDataException"/> of one line.</item>
/// </list></summary>
public interface ITrialStore : IDisposable
{
    /// <summary>Where the store lies, for messages.</summary>
    string Name { get; }

    /// <summary>The study that the store belongs to, or null.</summary>
    StudyRecord? Study { get; }

    /// <summary>Holds the store for one driver until what is returned is disposed or the process ends.</summary>
    /// <exception cref="SearchException">Another driver holds it.</exception>
    IDisposable LockForDriver();

    /// <summary>Gives an empty store its study. A store that has this study, or one that this study extends, keeps its trials and takes the study's record.</summary>
    /// <exception cref="InvalidDataException">The store belongs to another study; the message lists the differences by key.</exception>
    void Register(StudyRecord study);

    /// <summary>The stages begun so far, in order.</summary>
    IReadOnlyList<StageRecord> Stages();

    /// <summary>Replaces the stages.</summary>
    /// <param name="stages">All stages begun so far, in order; their names are unique.</param>
    void SaveStages(IReadOnlyList<StageRecord> stages);

    /// <summary>Adds those trials whose keys are new, in order, all or none.</summary>
    /// <returns>How many were added.</returns>
    /// <exception cref="InvalidDataException">A key is there with another design.</exception>
    int Add(IReadOnlyList<TrialSpec> trials);

    /// <summary>Claims the pending trial of the lowest priority number, and of those the lowest trial number; no other claim gets it.</summary>
    /// <param name="worker">The worker's name.</param>
    /// <returns>The trial, or null where none is pending.</returns>
    ClaimedTrial? Claim(string worker);

    /// <summary>Reports that a claimed trial is still running.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="examples">Rows trained on so far.</param>
    /// <returns>False where the claim is stale: the run is to be given up.</returns>
    bool Heartbeat(ClaimedTrial claim, long examples);

    /// <summary>Ends a claimed trial with its outcome, predictions and all; one with a failure, or a score that is not a finite number, has diverged.</summary>
    /// <returns>False where the claim is stale.</returns>
    bool Complete(ClaimedTrial claim, TrialOutcome outcome);

    /// <summary>Ends a claimed trial that could not be run.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="failure">Why, in a line.</param>
    /// <returns>False where the claim is stale.</returns>
    bool Fail(ClaimedTrial claim, string failure);

    /// <summary>Puts a claimed trial back, as if it had not been claimed.</summary>
    /// <returns>False where the claim is stale.</returns>
    bool Release(ClaimedTrial claim);

    /// <summary>Puts back every running trial of every worker.</summary>
    /// <returns>How many there were.</returns>
    int ReleaseAll();

    /// <summary>Puts back the running trials of a worker that died, and counts it as a loss of theirs; a trial with more than
    /// <paramref name="mostLosses"/> of them fails.</summary>
    /// <param name="worker">The worker's name.</param>
    /// <param name="mostLosses">How often a trial may be put back so.</param>
    /// <param name="failure">Why it fails then, in a line.</param>
    /// <returns>The trials, as they are after it.</returns>
    IReadOnlyList<Trial> Lose(string worker, int mostLosses, string failure);

    /// <summary>Puts back the failed trials of an option, so that they are run once more.</summary>
    /// <returns>How many there were.</returns>
    int Retry(string stage, string option);

    /// <summary>The trials in order of their numbers.</summary>
    /// <param name="stage">Only those of this stage; all where null.</param>
    IReadOnlyList<Trial> Trials(string? stage = null);

    /// <summary>The trials that ended after others, in the order in which they ended.</summary>
    /// <param name="order">The <see cref="Trial.EndOrder"/> of the last one that is known; 0 for all.</param>
    IReadOnlyList<Trial> EndedAfter(long order);

    /// <summary>What the trials of a stage predicted, by their numbers; those that kept nothing are left out.</summary>
    /// <param name="stage">The stage.</param>
    IReadOnlyDictionary<long, IReadOnlyList<SplitPredictions>> Predictions(string stage);

    /// <summary>How far every option of every stage is, in order of their first trials; cheaper than <see cref="Trials"/>.</summary>
    IReadOnlyList<OptionCount> Count();

    /// <summary>Keeps a note; one with the same text is kept once.</summary>
    void Note(string text);

    /// <summary>The notes in order.</summary>
    IReadOnlyList<StoreNote> Notes();
}
