using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Models.Backbones;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Studies;

namespace Spindle.Tuning;

/// <summary>Plans the study that compares a design of a search with the baselines on another backbone, budget or list of tasks, without a new search.</summary>
public static class TransferStudy
{
    /// <summary>The name of the design among the baselines of the new study.</summary>
    public const string Transferred = "transferred";

    /// <summary>Reads the design from the store, and rescales it to the backbone's layers.</summary>
    /// <param name="options">Which design, and what it is carried over to.</param>
    /// <exception cref="DirectoryNotFoundException">The backbone is missing.</exception>
    /// <exception cref="FileNotFoundException">The store or a file of the backbone is missing.</exception>
    /// <exception cref="InvalidDataException">The store has no such option, the option has no design, a task is unknown or named twice, or a file cannot be read.</exception>
    public static Study Plan(TransferOptions options)
    {
        var (study, _, option, trials) = StoredOption.Find(options.Store, options.Option, options.Registry, options.Catalogue);
        var design = trials.Select(trial => (trial.Spec.Plan as TuningPlan.Sized)?.Design).FirstOrDefault(found => found is not null)
            ?? throw new InvalidDataException($"{TrialStores.NameOf(options.Store)}: '{option.Name}' has no design to carry over{(option.Reason is { } reason ? $": {reason}" : "")}; name another option");
        // what the options name is seen from the current folder
        study = study.MovedTo("");
        study = study with
        {
            Name = options.Name ?? study.Name,
            Backbone = options.Backbone ?? study.Backbone,
            Budget = options.Budget ?? study.Budget,
            Tasks = options.Tasks is { } named ? Tasks(named, study, options.Catalogue) : study.Tasks,
            Data = options.Data ?? study.Data,
        };
        using var outline = BackboneCatalogue.Outline(study.BackbonePlace, new() { Layers = study.Space.Layers });
        var layers = outline.Shape.Layers.Count;
        return study with
        {
            Space = study.Space with { Groups = Math.Min(study.Space.Groups, layers) },
            BaselineDesigns = new Dictionary<string, Design> { [Transferred] = DesignScaling.ToLayers(design, layers) },
            Search = study.Search with
            {
                Policy = ComparisonPolicy.PolicyName,
                Limit = new(),
                Baselines = [Transferred, .. study.Search.Baselines.Where(BaselineNames.Names.Contains)],
                RandomDesigns = null,
                // of the joint policy alone
                Prefer = null,
                From = [],
            },
        };
    }

    // those that the search's study describes can be named too
    private static StudyTask[] Tasks(IReadOnlyList<StudyTask> named, Study study, TaskCatalogue catalogue)
    {
        var described = study.Tasks.OfType<StudyTask.Own>().ToDictionary(task => task.Name, StringComparer.Ordinal);
        string[] known = [.. described.Keys, .. catalogue.Names.Except(described.Keys)];
        if (named.Count == 0) throw new InvalidDataException($"no task is named; the tasks are {string.Join(", ", known)}");
        if (named.GroupBy(task => task.Name).FirstOrDefault(tasks => tasks.Count() > 1) is { } twice) throw new InvalidDataException($"task '{twice.Key}' is named twice; remove one");
        string[] unknown = [.. named.Where(task => task is not StudyTask.Own && !known.Contains(task.Name)).Select(task => $"'{task.Name}'")];
        if (unknown.Length > 0) throw new InvalidDataException($"unknown {(unknown.Length == 1 ? "task" : "tasks")} {string.Join(", ", unknown)}; the tasks are {string.Join(", ", known)}");
        return [.. named.Select(task => described.GetValueOrDefault(task.Name) is { } own && task is not StudyTask.Own ? own : task)];
    }
}
