namespace Spindle.Search.Trials;

/// <summary>The finished trials of a study by key. The order in which they finished is not kept.</summary>
public sealed class FinishedTrials
{
    private readonly Dictionary<TrialKey, Trial> byKey = [];

    /// <summary>The number of finished trials.</summary>
    public int Count => byKey.Count;

    /// <summary>The trial with a key, or null if it has not finished.</summary>
    public Trial? Find(TrialKey key) => byKey.GetValueOrDefault(key);

    /// <summary>The trials that have not finished, in order.</summary>
    public IReadOnlyList<TrialSpec> Waiting(IEnumerable<TrialSpec> trials) => [.. trials.Where(spec => Find(spec.Key) is null)];

    /// <summary>Adds a finished trial.</summary>
    /// <exception cref="ArgumentException">The trial has not finished.</exception>
    public void Add(Trial trial)
    {
        if (!trial.IsFinished) throw new ArgumentException($"trial {trial.Spec.Key} has not finished", nameof(trial));
        byKey[trial.Spec.Key] = trial;
    }
}
