using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>Copies a search from one store to another, of the same kind or not, so that it can be continued and reported there.</summary>
public static class StoreCopy
{
    /// <summary>Copies everything: trials, predictions, losses, stages, notes and what was asked of the search. Trials that were running wait again.</summary>
    /// <param name="from">The location of the store that is read.</param>
    /// <param name="to">The location of the store that is written. It is created, or holds an earlier state of the same search.</param>
    /// <returns>The number of trials.</returns>
    /// <exception cref="FileNotFoundException">The store that is read does not exist.</exception>
    /// <exception cref="InvalidDataException">One of the stores cannot be used, a search is running on it, or the other one holds another study, or finished trials that this one does not have. Nothing was written.</exception>
    public static int Run(string from, string to)
    {
        if (TrialStores.IsSame(from, to)) throw new InvalidDataException($"{TrialStores.NameOf(to)}: is the store itself; name another one");
        using var source = TrialStores.OpenToRead(from);
        var study = source.Study ?? throw new InvalidDataException($"{source.Name}: no search has been started on this store, so that nothing can be copied");
        RequireIdle(source);
        using (var existing = TrialStores.OpenExisting(to))
            if (existing is not null) RequireEarlierState(existing, source, study);
        using var target = TrialStores.OpenOrCreate(to);
        RequireIdle(target);
        using var driver = target.LockForDriver();
        var moved = StoreText.Write(study with { Folder = Moved(study.Folder), Runs = [.. study.Runs.Select(run => run with { TunedFolder = Moved(run.TunedFolder) })] });
        ((ICopiedStore)source).ReadContent(content => ((ICopiedStore)target).ReplaceContent(content with { Study = moved }));
        return target.Count().Sum(count => count.Trials);

        string? Moved(string? path) => path is null ? null : StoredPath.Of(to, StoredPath.Full(from, path));
    }

    private static void RequireIdle(ISharedTrialStore store)
    {
        if (store.IsDriven) throw new InvalidDataException($"{store.Name}: a search is running on this store; stop it, and copy it then");
    }

    // what only the target has would be lost
    private static void RequireEarlierState(ISharedTrialStore target, ISharedTrialStore source, StudyRecord study)
    {
        if (target.Study is not { } there) return;
        if (StudyChange.Refused(there, study).Count > 0) throw new InvalidDataException($"{target.Name}: holds another study ({there.Name}); name another store");
        var known = source.EndedAfter(0).Select(trial => trial.Spec.Key).ToHashSet();
        Trial[] only = [.. target.EndedAfter(0).Where(trial => !known.Contains(trial.Spec.Key))];
        if (only.Length > 0) throw new InvalidDataException(FormattableString.Invariant($"{target.Name}: has {only.Length} finished trials that {source.Name} does not have, such as {only[0].Spec.Key}; copy in the other direction, or name another store"));
    }
}
