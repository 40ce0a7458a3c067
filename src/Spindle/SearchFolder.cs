using Spindle.Data.Tasks;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Studies;
using Spindle.Training.Tuned;

namespace Spindle;

/// <summary>The folder for a search's tuned models. It belongs to one study, which <c>search.json</c> in it names, so that a search never replaces the models of another one.</summary>
public static class SearchFolder
{
    private const string OwnerFile = "search.json";
    private const string Remedy = "name another folder, or allow overwriting to replace them";

    /// <summary>Whether a search has written, or will write, its models to a folder.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsOwned(string folder) => File.Exists(Path.Combine(folder, OwnerFile));

    /// <summary>The study whose search writes its models to a folder; its paths start where they started for the search.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="strategies">The strategies that can be named, or null for Spindle's.</param>
    /// <param name="tasks">The tasks that can be named, or null for Spindle's.</param>
    /// <exception cref="FileNotFoundException">No search writes to the folder.</exception>
    /// <exception cref="InvalidDataException">The folder's record of its study is damaged.</exception>
    public static Study StudyOf(string folder, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null)
    {
        var owner = Path.Combine(folder, OwnerFile);
        return Study.OfStore(StoredStudy.Read(File.ReadAllText(owner), owner), owner, strategies, tasks);
    }

    /// <summary>Deletes the models in a folder and the name of their study, and nothing else.</summary>
    /// <param name="folder">The folder.</param>
    public static void Clear(string folder)
    {
        foreach (var model in Models(folder).ToArray())
        {
            if (model != folder) Directory.Delete(model, recursive: true);
            else
            {
                foreach (var file in (string[])[TunedFolder.RecordPath(model), TunedFolder.WeightsPath(model), TunedFolder.DesignPath(model)]) File.Delete(file);
                ModelCard.Delete(model);
            }
        }

        File.Delete(Path.Combine(folder, OwnerFile));
    }

    /// <summary>Refuses a folder with models of another study.</summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <param name="here">The study.</param>
    /// <param name="store">The study's store, or null where there is none yet.</param>
    /// <param name="overwrites">Whether models of another study are to be deleted; a store of another study is refused all the same.</param>
    /// <exception cref="InvalidDataException">Another study wrote the folder; the inner exception is an <see cref="OtherStudyException"/>. Or the store is another study's.</exception>
    internal static void Require(string folder, StudyRecord here, ITrialStore? store, bool overwrites)
    {
        // the store's refusal says more than the folder's
        if (store is not null) StoredStudy.RequireSame(store, here);
        if (!overwrites && Difference(folder, here, store) is { } difference)
            throw new InvalidDataException($"{difference}; {Remedy}", new OtherStudyException(difference));
    }

    /// <summary>Names the study that writes to the folder from now on.</summary>
    /// <param name="folder">The folder. It is created if it does not exist.</param>
    /// <param name="here">The study.</param>
    /// <param name="location">The location of the study's store, from which it sees its folder, or null for a store in memory.</param>
    /// <param name="store">The study's store.</param>
    /// <param name="overwrites">Whether models of another study are deleted; otherwise the folder is refused.</param>
    /// <inheritdoc cref="Require" path="/exception"/>
    internal static void Claim(string folder, StudyRecord here, string? location, ITrialStore store, bool overwrites)
    {
        // another search may have taken the folder since it was looked at
        Require(folder, here, store, overwrites);
        if (Difference(folder, here, store) is not null) Clear(folder);
        var start = here.Folder is { } seen && location is not null ? StudyPaths.SeenFrom(folder, TrialStores.IsFile(location) ? StudyPaths.Place(Path.GetDirectoryName(location), seen) : seen) : null;
        AtomicFile.WriteText(Path.Combine(folder, OwnerFile), StoredStudy.Write(here with { Folder = start, Models = null, Runs = [], Earlier = [] }) + "\n");
    }

    private static string? Difference(string folder, StudyRecord here, ITrialStore? store)
    {
        if (!Directory.Exists(folder)) return null;
        if (!IsOwned(folder))
        {
            // an older version named no study, but the store knows which models are its own
            var kept = new Lazy<Trial[]>(() => [.. (store?.Trials() ?? []).Where(trial => trial.Spec.KeepsWeights)]);
            return Models(folder).FirstOrDefault(model => !IsOfAny(kept.Value, folder, model)) is { } foreign
                ? $"{folder}: holds a model that this study did not write ({Path.GetRelativePath(folder, foreign)})"
                : null;
        }

        var owner = Path.Combine(folder, OwnerFile);
        try
        {
            var there = StoredStudy.Read(File.ReadAllText(owner), owner);
            return here.DifferenceFrom(there) is { } difference ? $"{folder}: holds the models of another study ({there.Name}; {difference})" : null;
        }
        catch (InvalidDataException)
        {
            return $"{owner}: is damaged, so that it does not say whose models these are";
        }
    }

    // the models of finished sides, those of trials that an interrupted search left, and a single model in the folder itself
    private static IEnumerable<string> Models(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        if (TunedFolder.Exists(folder)) yield return folder;
        foreach (var side in Directory.EnumerateDirectories(folder))
        {
            var isOfTrials = Path.GetFileName(side) == TrialWeights.TrialsFolder;
            foreach (var model in Directory.EnumerateDirectories(side).Where(model => isOfTrials ? TrialWeights.IsTrial(model) : TunedFolder.Exists(model))) yield return model;
        }
    }

    private static bool IsOfAny(Trial[] trials, string folder, string model)
    {
        if (Path.GetFileName(Path.GetDirectoryName(model)) == TrialWeights.TrialsFolder) return trials.Any(trial => TrialWeights.TrialFolder(folder, trial.Spec.Key) == model);
        var score = Score(model);
        return trials.Any(trial => IsPlaceOf(trial) && trial.Outcome is { } outcome && (score is null || score == outcome.Validation || score == outcome.Score));

        bool IsPlaceOf(Trial trial) => model == TrialWeights.SideFolder(folder, trial.Spec.Key.Option, trial.Spec.Key.Task) || model == TrialWeights.TaskFolder(folder, trial.Spec.Key.Task);
    }

    private static double? Score(string model)
    {
        try
        {
            return TunedFolder.Read(model).Score;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
