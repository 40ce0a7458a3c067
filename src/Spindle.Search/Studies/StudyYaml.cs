using System.Text;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Designs.Text;
using Spindle.Search.Policies;
using Spindle.Yaml;

namespace Spindle.Search.Studies;

/// <summary>Study files: every key has a default but <c>backbone</c> and <c>tasks</c>. Paths stay as they are written, relative to the current folder.</summary>
public static class StudyYaml
{
    private const int Many = 1_000_000;

    /// <summary>Reads a study file.</summary>
    /// <param name="path">The file; its name without extension is the study's where it gives none.</param>
    /// <param name="strategies">The strategies that are known, or null to take the paper's and no options.</param>
    /// <param name="tasks">The tasks that are known, or null to take any name and none of the user's own.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no study; the message says where, why and what to do.</exception>
    public static Study Read(string path, IStrategyKinds? strategies = null, ITaskKinds? tasks = null) =>
        Read(YamlSource.Read(path), strategies, tasks);

    /// <summary>Reads a study from text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What errors call it, and the study where the text gives no name: a file's name.</param>
    /// <param name="strategies">The strategies that are known, or null to take the paper's and no options.</param>
    /// <param name="tasks">The tasks that are known, or null to take any name and none of the user's own.</param>
    /// <exception cref="InvalidDataException">The text is no study; the message says where, why and what to do.</exception>
    public static Study Parse(string text, string name, IStrategyKinds? strategies = null, ITaskKinds? tasks = null) =>
        Read(YamlSource.Parse(text, name), strategies, tasks);

    /// <summary>The study as text: every key in a fixed order, so that equal studies are equal texts. <see cref="Parse"/> reads it back; keys
    /// that are null are left out.</summary>
    public static string Write(Study study)
    {
        var text = new StringBuilder();
        Line("", "study", YamlText.Of(study.Name));
        Line("", "backbone", YamlText.Of(study.Backbone));
        Line("", "tasks", YamlText.List(study.Tasks.Select(task => study.OwnTasks.GetValueOrDefault(task) ?? YamlText.Of(task))));
        Line("", "data", study.Data is { } data ? YamlText.Of(data) : null);
        Line("", "budget", study.Budget.ToString());

        text.Append("space:\n");
        Line("  ", "groups", YamlText.Of(study.Space.Groups));
        Line("  ", "strategies", YamlText.List(study.Space.Strategies.Select(YamlText.Of)));
        Line("  ", "strategies-a-group", study.Space.StrategiesAGroup is { } most ? YamlText.Of(most) : null);
        Line("  ", "layers", KebabCase.Of(study.Space.Layers));
        Line("  ", "tunable-groups", KebabCase.Of(study.Space.TunableGroups));

        if (study.Strategies.Count > 0) text.Append("strategies:\n");
        foreach (var (name, options) in study.Strategies.OrderBy(pair => pair.Key, StringComparer.Ordinal)) Line("  ", YamlText.Of(name), options);

        var training = study.Training;
        text.Append("training:\n");
        Line("  ", "epochs", YamlText.Of(training.Epochs));
        Line("  ", "batch-size", YamlText.Of(training.BatchSize));
        Line("  ", "learning-rate", YamlText.Of(training.LearningRate));
        Line("  ", "full-learning-rate", YamlText.Of(training.FullLearningRate));
        Line("  ", "warm-up", YamlText.Of(training.WarmUp));
        Line("  ", "weight-decay", YamlText.Of(training.WeightDecay));
        Line("  ", "gradient-clipping", YamlText.Of(training.GradientClipping));
        Line("  ", "dropout", training.Dropout is { } dropout ? YamlText.Of(dropout) : null);
        Line("  ", "max-length", YamlText.Of(training.MaxLength));
        Line("  ", "max-target-length", YamlText.Of(training.MaxTargetLength));
        Line("  ", "beams", YamlText.Of(training.Beams));
        Line("  ", "precision", KebabCase.Of(training.Precision));
        Line("  ", "head", training.Head is { } head ? KebabCase.Of(head) : null);
        Line("  ", "train-limit", training.TrainLimit is { } trainLimit ? YamlText.Of(trainLimit) : null);
        Line("  ", "validation-limit", training.ValidationLimit is { } validationLimit ? YamlText.Of(validationLimit) : null);
        Line("  ", "threads", YamlText.Of(training.Threads));

        text.Append("search:\n");
        Line("  ", "policy", YamlText.Of(study.Search.Policy));
        Line("  ", "samples-per-option", YamlText.Of(study.Search.SamplesPerOption));
        Line("  ", "seed", YamlText.Of(study.Search.Seed));
        Line("  ", "final-epochs", YamlText.Of(study.Search.FinalEpochs));
        Line("  ", "final-seeds", YamlText.Of(study.Search.FinalSeeds));
        return text.ToString();

        void Line(string indent, string key, string? value)
        {
            if (value is not null) text.Append(indent).Append(key).Append(": ").Append(value).Append('\n');
        }
    }

    private static Study Read(YamlSource source, IStrategyKinds? strategies, ITaskKinds? tasks)
    {
        var keys = source.Mapping();
        var options = Options(keys.Value("strategies"), strategies);
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] known = [.. (strategies?.Names ?? new SpaceSettings().Strategies).Union(options.Keys)];
        var study = new Study(
            keys.Text("study") ?? Path.GetFileNameWithoutExtension(source.Name),
            keys.RequiredText("backbone"),
            Names(keys.Required("tasks"), "task", Task),
            keys.Text("data"),
            keys.Value("budget")?.As(Budget.Parse) ?? Budget.OfShare(0.005m),
            Space(keys.Mapping("space"), known),
            Training(keys.Mapping("training")),
            Search(keys.Mapping("search")))
        { Strategies = options, OwnTasks = own };
        keys.Finish();
        return study;

        string Task(YamlValue value)
        {
            if (!value.IsMapping) return tasks is null ? value.AsText() : value.AsChoice(tasks.Names);
            if (tasks is null) throw value.Error("tasks of your own are not known here; name one that is");
            var (name, text) = tasks.ReadOwn(value);
            own.TryAdd(name, text);
            return name;
        }
    }

    private static Dictionary<string, string> Options(YamlValue? byName, IStrategyKinds? strategies)
    {
        if (byName is null) return [];
        return byName.AsMapping().Entries.ToDictionary(
            entry => entry.Key,
            entry => strategies?.ReadOptions(entry.Key, entry.Value) ?? throw entry.Value.Error("options of strategies are not known here; leave them out"),
            StringComparer.Ordinal);
    }

    private static SpaceSettings Space(YamlMappingReader? keys, IReadOnlyCollection<string> known)
    {
        var defaults = new SpaceSettings();
        if (keys is null) return defaults;
        var space = new SpaceSettings
        {
            Groups = keys.Integer("groups", 1, 256) ?? defaults.Groups,
            Strategies = keys.Value("strategies") is { } strategies ? Names(strategies, "strategy", name => name.AsChoice(known)) : defaults.Strategies,
            StrategiesAGroup = keys.Integer("strategies-a-group", 1, 20),
            Layers = keys.Choice<LayerNumbering>("layers") ?? defaults.Layers,
            TunableGroups = keys.Choice<TunableGroupOptions>("tunable-groups") ?? defaults.TunableGroups,
        };
        if (space is { TunableGroups: TunableGroupOptions.AllSubsets, Groups: > 16 })
            throw keys.Error("tunable-groups", "'all-subsets' of more than 16 groups are too many to compare; write 'runs' or fewer groups");
        if (space.Strategies.Count > DesignSpace.MostStrategies) throw keys.Error("strategies", $"{space.Strategies.Count} strategies are too many; name at most {DesignSpace.MostStrategies}");
        if (DesignSpace.CountSets(space.Strategies.Count, space.StrategiesAGroup ?? int.MaxValue) is var sets and > DesignSpace.MostSets)
            throw keys.Error("strategies", $"a group would have {sets} sets of them to choose among; write fewer strategies, or 'strategies-a-group: 2'");
        keys.Finish();
        return space;
    }

    private static TrainingSettings Training(YamlMappingReader? keys)
    {
        var defaults = new TrainingSettings();
        if (keys is null) return defaults;
        var training = new TrainingSettings
        {
            Epochs = keys.Integer("epochs", 1, Many) ?? defaults.Epochs,
            BatchSize = keys.Integer("batch-size", 1, Many) ?? defaults.BatchSize,
            LearningRate = keys.Number("learning-rate", 0, 10, aboveMin: true) ?? defaults.LearningRate,
            FullLearningRate = keys.Number("full-learning-rate", 0, 10, aboveMin: true) ?? defaults.FullLearningRate,
            WarmUp = keys.Number("warm-up", 0, 1) ?? defaults.WarmUp,
            WeightDecay = keys.Number("weight-decay", 0, 10) ?? defaults.WeightDecay,
            GradientClipping = keys.Number("gradient-clipping", 0, Many) ?? defaults.GradientClipping,
            // at 1 nothing would be left
            Dropout = keys.Number("dropout", 0, 0.95),
            // a token of each sentence of a pair, and the three special ones around them
            MaxLength = keys.Integer("max-length", 5, Many) ?? defaults.MaxLength,
            MaxTargetLength = keys.Integer("max-target-length", 3, Many) ?? defaults.MaxTargetLength,
            Beams = keys.Integer("beams", 1, 100) ?? defaults.Beams,
            Precision = keys.Choice<Precision>("precision") ?? defaults.Precision,
            Head = keys.Choice<HeadKind>("head"),
            TrainLimit = keys.Integer("train-limit", 1, int.MaxValue),
            ValidationLimit = keys.Integer("validation-limit", 1, int.MaxValue),
            Threads = keys.Integer("threads", 1, 1024) ?? defaults.Threads,
        };
        keys.Finish();
        return training;
    }

    private static SearchSettings Search(YamlMappingReader? keys)
    {
        var defaults = new SearchSettings();
        if (keys is null) return defaults;
        var search = new SearchSettings
        {
            Policy = keys.Value("policy")?.AsChoice(SearchPolicies.Names) ?? defaults.Policy,
            SamplesPerOption = keys.Integer("samples-per-option", 1, Many) ?? defaults.SamplesPerOption,
            Seed = keys.Integer("seed", 0, int.MaxValue) ?? defaults.Seed,
            FinalEpochs = keys.Integer("final-epochs", 1, Many) ?? defaults.FinalEpochs,
            FinalSeeds = keys.Integer("final-seeds", 1, Many) ?? defaults.FinalSeeds,
        };
        keys.Finish();
        return search;
    }

    private static string[] Names(YamlValue list, string what, Func<YamlValue, string> read)
    {
        var names = new List<string>();
        foreach (var item in list.AsList())
        {
            var name = read(item);
            if (names.Contains(name)) throw item.Error($"{what} '{name}' is named twice; keep one");
            names.Add(name);
        }

        return names.Count > 0 ? [.. names] : throw list.Error($"the list is empty; name at least one {what}");
    }
}
