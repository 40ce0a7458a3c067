namespace Spindle.Search.Trials;

/// <summary>The trials of a study that have ended, by key. Says nothing about the order in which they ended.</summary>
public sealed class FinishedTrials
{
    private readonly Dictionary<TrialKey, Trial> byKey = [];

    /// <summary>How many there are.</summary>
    public int Count => byKey.Count;

    /// <summary>The trial of a key, or null where it has not ended.</summary>
    public Trial? Find(TrialKey key) => byKey.GetValueOrDefault(key);

    /// <summary>Adds a trial that has ended.</summary>
    /// <exception cref="ArgumentException">It has not ended.</exception>
    public void Add(Trial trial)
    {
        if (!trial.IsFinished) throw new ArgumentException($"trial {trial.Spec.Key} has not ended", nameof(trial));
        byKey[trial.Spec.Key] = trial;
    }
}
