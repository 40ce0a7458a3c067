using System.Globalization;
using System.Text;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Designs.Text;
using Spindle.Models.Tuning;
using Spindle.Search.Policies;
using Spindle.Search.Studies;
using Spindle.Training.Settings;
using Spindle.Yaml;

namespace Spindle.Studies;

/// <summary>Reads and writes study files. Every key except <c>backbone</c> and <c>tasks</c> has a default. Paths are written as they are; <see cref="Study.Folder"/> tells where they start.</summary>
public static class StudyYaml
{
    private const int Many = 1_000_000;
    private const string LearningRate = "learning-rate";
    private const string DefaultLearningRate = "default-learning-rate";
    private const string OwnTaskHint = "describe a task of your own in its place: '{name: mine, train: ROWS.csv}'";

    /// <summary>Reads a study file.</summary>
    /// <param name="path">The file. Its name without extension is the study's default name.</param>
    /// <param name="strategies">The strategies that can be named, or null for Spindle's.</param>
    /// <param name="tasks">The tasks that can be named, or null for Spindle's.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not a study; the message gives the place, the fault and the remedy.</exception>
    public static Study Read(string path, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null) =>
        Read(YamlSource.Read(path), strategies ?? StrategyRegistry.Default, tasks ?? TaskCatalogue.Default, Path.GetDirectoryName(path) ?? "");

    /// <summary>Reads a study from text. Paths start from the current folder.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">A file name for errors; without extension, the study's default name.</param>
    /// <param name="strategies">The strategies that can be named, or null for Spindle's.</param>
    /// <param name="tasks">The tasks that can be named, or null for Spindle's.</param>
    /// <exception cref="InvalidDataException">The text is not a study; the message gives the place, the fault and the remedy.</exception>
    public static Study Parse(string text, string name, StrategyRegistry? strategies = null, TaskCatalogue? tasks = null) =>
        Read(YamlSource.Parse(text, name), strategies ?? StrategyRegistry.Default, tasks ?? TaskCatalogue.Default, null);

    /// <summary>Writes a study as text with every key in a fixed order, so that equal studies have equal texts. <see cref="Parse"/> reads it back. Keys
    /// without a value are left out.</summary>
    public static string Write(Study study)
    {
        var text = new StringBuilder();
        Line("", "study", YamlText.Format(study.Name));
        Line("", "backbone", YamlText.Format(study.Backbone));
        Line("", "tasks", YamlText.List(study.Tasks.Select(task => task is StudyTask.Own own ? OwnTaskYaml.Write(own.Description) : YamlText.Format(task.Name))));
        Line("", "data", study.Data is { } data ? YamlText.Format(data) : null);
        Line("", "budget", study.Budget.ToString());
        Line("", "smaller-budgets", study.SmallerBudgets.Count > 0 ? YamlText.List(study.SmallerBudgets.Select(budget => budget.ToString())) : null);

        text.Append("space:\n");
        Line("  ", "groups", YamlText.Format(study.Space.Groups));
        Line("  ", "strategies", YamlText.List(study.Space.Strategies.Select(YamlText.Format)));
        Line("  ", "strategies-a-group", study.Space.StrategiesPerGroup is { } most ? YamlText.Format(most) : null);
        Line("  ", "layers", KebabCase.From(study.Space.Layers));
        Line("  ", "tunable-groups", KebabCase.From(study.Space.TunableGroups));

        // a strategy with its defaults is as one that is not listed
        var configurations = study.Strategies.Where(pair => pair.Key != pair.Value.Kind || !pair.Value.IsDefault || study.Lists.Any(list => list.Strategy == pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        if (configurations.Length > 0) text.Append("strategies:\n");
        foreach (var (name, configuration) in configurations) Line("  ", YamlText.Format(name), configuration.ToString(Listed(name)));

        text.Append("training:\n");
        foreach (var setting in SettingDefinition.All)
        {
            var listsRates = setting.Name == LearningRate && study.LearningRates.Count > 1;
            Line("  ", setting.Name, listsRates ? YamlText.List(study.LearningRates.Select(YamlText.Format)) : Listed(null).GetValueOrDefault(setting.Name) ?? Text(setting.ValueOf(study.Training)));
            if (listsRates && study.LearningRates.Contains(study.Training.LearningRate)) Line("  ", DefaultLearningRate, YamlText.Format(study.Training.LearningRate));
        }

        text.Append("search:\n");
        Line("  ", "policy", YamlText.Format(study.Search.Policy));
        Line("  ", "samples-per-option", YamlText.Format(study.Search.SamplesPerOption));
        Line("  ", "seed", YamlText.Format(study.Search.Seed));
        Line("  ", "final-epochs", YamlText.Format(study.Search.FinalEpochs));
        Line("  ", "final-seeds", YamlText.Format(study.Search.FinalSeeds));
        Line("  ", "baselines", BaselineYaml.Write(study.Search, study.BaselineDesigns));
        Line("  ", "refit", study.Search.Refit ? "true" : "false");
        Line("  ", "refit-runs", study.Search.RefitRuns is { } runs ? YamlText.Format(runs) : null);
        Line("  ", "prefer", study.Search.Prefer is { } preferred ? YamlText.Format(preferred) : null);
        Line("  ", "score-every-epoch", study.Search.ScoresEveryEpoch ? "true" : "false");
        Line("  ", "from", study.Search.From.Count > 0 ? YamlText.List(study.Search.From.Select(YamlText.Format)) : null);
        Line("  ", "time", study.Search.Limit.Time is { } time ? YamlText.Format(DurationText.Format(time)) : null);
        Line("  ", "trials", study.Search.Limit.Trials is { } trials ? YamlText.Format(trials) : null);
        Line("  ", "examples", study.Search.Limit.Examples is { } examples ? YamlText.Format((double)examples) : null);
        return text.ToString();

        Dictionary<string, string> Listed(string? strategy) => study.Lists.Where(list => list.Strategy == strategy).ToDictionary(list => list.Name, list => YamlText.List(list.Values), StringComparer.Ordinal);

        void Line(string indent, string key, string? value)
        {
            if (value is not null) text.Append(indent).Append(key).Append(": ").Append(value).Append('\n');
        }
    }

    /// <summary>A setting's value as study files write it; null where it has none.</summary>
    internal static string? Text(object? value) => value switch
    {
        null => null,
        int number => YamlText.Format(number),
        bool flag => flag ? "true" : "false",
        double number => YamlText.Format(number),
        NumbersByName numbers => $"{{{string.Join(", ", numbers.Select(pair => $"{YamlText.Format(pair.Key)}: {YamlText.Format(pair.Value)}"))}}}",
        var name => YamlText.Format((string)name),
    };

    private static Study Read(YamlSource source, StrategyRegistry strategies, TaskCatalogue tasks, string? folder)
    {
        var keys = source.Mapping();
        var lists = new List<SettingList>();
        var configurations = Configurations(keys.Value("strategies"), strategies, lists);
        var (space, search) = (keys.Mapping("space"), keys.Mapping("search"));
        var unnamed = space?.Value("strategies") is null ? DefaultStrategies.Of(search?.Value("policy")?.AsChoice(SearchPolicies.Names) ?? new SearchSettings().Policy) : [];
        foreach (var name in unnamed.Where(DefaultStrategies.Variants.ContainsKey)) configurations.TryAdd(name, DefaultStrategies.Configuration(name, strategies));
        string[] known = [.. strategies.Names.Union(configurations.Keys)];
        var study = new Study(
            keys.Text("study") ?? Path.GetFileNameWithoutExtension(source.Name),
            keys.RequiredText("backbone"),
            Tasks(keys.Required("tasks"), tasks))
        {
            Folder = folder,
            Data = keys.Text("data"),
            Budget = keys.Value("budget")?.As(Budget.Parse) ?? Budget.Default,
            SmallerBudgets = keys.Value("smaller-budgets") is { } smaller ? [.. Names(smaller, "budget", item => item.As(Budget.Parse).ToString()).Select(Budget.Parse)] : [],
            Strategies = configurations,
            Space = Space(space, known, unnamed),
        };
        var training = keys.Mapping("training");
        if (training?.Value(LearningRate)?.AsAlternatives(isLogarithmic: true) is { } rates)
            study = study with { LearningRates = Rates(training.Value(LearningRate)!, rates) };
        study = study with { Training = Training(training, study.LearningRates, known, lists), Lists = [.. lists.OrderBy(list => list.Strategy, StringComparer.Ordinal)] };
        var designs = new Dictionary<string, Design>(StringComparer.Ordinal);
        study = study with { Search = Search(search, designs, known, folder ?? ""), BaselineDesigns = designs };
        if (study.Search is { Policy: not JointPolicy.PolicyName, Limit.Time: not null })
            throw search!.Error("time", $"how long later stages take is not known, so policy '{study.Search.Policy}' is limited by 'trials' or 'examples'; write one of these, or write 'policy: {JointPolicy.PolicyName}'");
        if (study is { SmallerBudgets.Count: > 0, Search.Policy: not JointPolicy.PolicyName })
            throw keys.Error("smaller-budgets", $"policy '{study.Search.Policy}' has one budget; write 'policy: {JointPolicy.PolicyName}' under 'search', or leave out 'smaller-budgets'");
        if (study is { Lists: [var listed, ..], Search.Policy: ExhaustivePolicy.PolicyName })
            throw keys.Error(listed.Strategy is null ? "training" : "strategies", $"'{listed.Name}' has several values, but policy '{ExhaustivePolicy.PolicyName}' is the paper's protocol, which has one; write 'policy: {JointPolicy.PolicyName}' under 'search', or one value");
        if (study.Training.TokensPerBatch is not null && study.Lists.Any(list => list is { Strategy: null, Name: ListedSettings.BatchSize }))
            throw keys.Error("training", "'batch-size' has several values, but 'tokens-per-batch' decides the rows of a step; leave out one of them");
        if (study.Lists.Aggregate(1L, (product, list) => Math.Min(product * list.Values.Count, int.MaxValue)) is var combinations and > ListedSettings.MostCombinations)
            throw keys.Error(study.Lists.Any(list => list.Strategy is null) ? "training" : "strategies", $"the listed values have {combinations} combinations, and at most {ListedSettings.MostCombinations} are allowed; list fewer values");
        if (study.Search.Baselines.Contains(BaselineNames.Random))
        {
            if (study.Search.Limit.IsLimited) throw search!.Error("baselines", $"'{BaselineNames.Random}' costs as much as the search once more, which a limit cannot divide; leave it out, or 'time', 'trials' and 'examples'");
            if (study.Search is { Policy: ComparisonPolicy.PolicyName, RandomDesigns: null })
                throw search!.Error("baselines", $"policy '{ComparisonPolicy.PolicyName}' does not search, so '{BaselineNames.Random}' needs a number; write '{{{BaselineNames.Random}: {{designs: 20}}}}'");
        }

        if (study.Search.Refit && study.Training.Selection == 0)
            throw search!.Error("refit", "the validation rows select, so there are no selection rows to train on; write 'selection: 0.2' under 'training', or leave out 'refit'");
        if (study.Search is { Refit: false, RefitRuns: not null })
            throw search!.Error("refit-runs", "without 'refit: true' nothing is trained again; add it, or leave out 'refit-runs'");
        if (study.Search is { From.Count: > 0, Policy: not JointPolicy.PolicyName })
            throw search!.Error("from", $"policy '{study.Search.Policy}' does not use earlier searches; write 'policy: {JointPolicy.PolicyName}', or leave out 'from'");
        if (study.Search.Prefer is { } preferred)
        {
            if (study.Search.Policy != JointPolicy.PolicyName) throw search!.Error("prefer", $"policy '{study.Search.Policy}' returns the best mean; write 'policy: {JointPolicy.PolicyName}', or leave out 'prefer'");
            if (!study.Space.Strategies.Contains(preferred)) throw search!.Error("prefer", $"'{preferred}' is not a strategy of the space; name one of {string.Join(", ", study.Space.Strategies)}");
        }

        keys.Finish();
        return study;
    }

    private static StudyTask[] Tasks(YamlValue list, TaskCatalogue catalogue)
    {
        var tasks = new List<StudyTask>();
        Names(list, "task", value =>
        {
            StudyTask task = value.IsMapping ? OwnTaskYaml.Read(value) : value.AsChoice(catalogue.Names, OwnTaskHint);
            if (value.IsMapping && catalogue.Names.Contains(task.Name)) throw value.Error($"'{task.Name}' is the name of a task that is part of Spindle; choose another name");
            tasks.Add(task);
            return task.Name;
        });
        return [.. tasks];
    }

    private static Dictionary<string, StrategyConfiguration> Configurations(YamlValue? byName, StrategyRegistry strategies, List<SettingList> lists)
    {
        var configurations = new Dictionary<string, StrategyConfiguration>(StringComparer.Ordinal);
        foreach (var (name, written) in byName?.AsMapping().Entries ?? [])
        {
            var options = written;
            var alternatives = strategies.Alternatives(name, options);
            foreach (var (option, values) in alternatives) options = options.With(option, values.Count > 0 ? values[0] : throw written.Error($"'{option}' has no value; name at least one"));
            foreach (var (option, values) in alternatives)
            {
                var list = values.Select(value => (Value: value, Text: strategies.ReadConfiguration(name, options.With(option, value)).TextOf(option)!)).ToArray();
                var (sorted, own) = Sorted(list, values[0], option);
                options = options.With(option, own);
                if (sorted.Length > 1) lists.Add(new(name, option, sorted));
            }

            configurations[name] = strategies.ReadConfiguration(name, options);
        }

        return configurations;
    }

    // numbers ascending, with the middle one as the study's own; other values as they are written, the first as the study's own
    private static (string[] Texts, YamlValue Own) Sorted((YamlValue Value, string Text)[] list, YamlValue at, string setting)
    {
        if (list.All(item => double.TryParse(item.Text, CultureInfo.InvariantCulture, out _)))
            list = [.. list.OrderBy(item => double.Parse(item.Text, CultureInfo.InvariantCulture))];
        else return (Distinct(), list[0].Value);
        return (Distinct(), list[(list.Length - 1) / 2].Value);

        string[] Distinct() => list.DistinctBy(item => item.Text).Count() == list.Length ? [.. list.Select(item => item.Text)] : throw at.Error($"name each value of '{setting}' once");
    }

    private static SpaceSettings Space(YamlMappingReader? keys, IReadOnlyCollection<string> known, IReadOnlyList<string> unnamed)
    {
        var defaults = new SpaceSettings { Strategies = unnamed };
        if (keys is null) return defaults;
        var space = new SpaceSettings
        {
            Groups = keys.Integer("groups", 1, 256) ?? defaults.Groups,
            Strategies = keys.Value("strategies") is { } strategies ? Names(strategies, "strategy", name => name.AsChoice(known)) : defaults.Strategies,
            StrategiesPerGroup = keys.Integer("strategies-a-group", 1, 20),
            Layers = keys.Choice<LayerNumbering>("layers") ?? defaults.Layers,
            TunableGroups = keys.Choice<TunableGroupOptions>("tunable-groups") ?? defaults.TunableGroups,
        };
        if (space is { TunableGroups: TunableGroupOptions.AllSubsets, Groups: > 16 })
            throw keys.Error("tunable-groups", "'all-subsets' of more than 16 groups are too many options; write 'runs', or fewer groups");
        if (space.Strategies.Count > DesignSpace.MostStrategies) throw keys.Error("strategies", $"{space.Strategies.Count} strategies are too many; name at most {DesignSpace.MostStrategies}");
        if (DesignSpace.CountSets(space.Strategies.Count, space.StrategiesPerGroup ?? int.MaxValue) is var sets and > DesignSpace.MostSets)
            throw keys.Error("strategies", $"a group could have {sets} different sets of them; write fewer strategies, or 'strategies-a-group: 2'");
        keys.Finish();
        return space;
    }

    private static double[] Rates(YamlValue list, IReadOnlyList<YamlValue> values)
    {
        var setting = SettingDefinition.All.OfType<SettingDefinition.Number>().First(setting => setting.Name == LearningRate);
        double[] rates = [.. values.Select(rate => rate.AsNumber(setting.Minimum, setting.Maximum, setting.AboveMinimum)).Order()];
        if (rates.Length == 0 || rates.Distinct().Count() < rates.Length) throw list.Error("name each learning rate once, and at least one");
        return rates;
    }

    // of several rates, the named one is the study's, or else the middle one; null where no rates are listed
    private static double? OwnRate(YamlValue? named, IReadOnlyList<double> rates)
    {
        if (named is null) return rates.Count == 0 ? null : rates[(rates.Count - 1) / 2];
        if (rates.Count == 0) throw named.Error($"'{DefaultLearningRate}' is one of several rates; list them under '{LearningRate}', or leave it out");
        var rate = named.AsNumber(0, double.MaxValue, aboveMin: true);
        return rates.Contains(rate) ? rate
            : throw named.Error($"'{DefaultLearningRate}' is '{YamlText.Format(rate)}', which is not listed; write one of {string.Join(", ", rates.Select(YamlText.Format))}, or add it under '{LearningRate}'");
    }

    private static NumbersByName Numbers(SettingDefinition.PerName setting, YamlValue values, IReadOnlyCollection<string> known)
    {
        if (!values.IsMapping)
        {
            values.AsChoice([setting.Preset.Word], $"{setting.Range}, such as {{{known.First()}: 1e-3}}");
            return setting.Preset.Numbers;
        }

        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in values.AsMapping().Entries)
        {
            if (!known.Contains(name)) throw value.Error($"unknown {setting.KeyName} '{name}'; {(NearestName.Find(name, known) is { } nearest ? $"did you mean '{nearest}'?" : $"known are {string.Join(", ", known)}")}");
            numbers[name] = value.AsNumber(setting.Minimum, setting.Maximum, aboveMin: true);
        }

        return new(numbers);
    }

    private static TrainingSettings Training(YamlMappingReader? keys, IReadOnlyList<double> rates, IReadOnlyCollection<string> known, List<SettingList> lists)
    {
        var settings = new TrainingSettings();
        if (keys is null) return settings;
        var ownRate = OwnRate(keys.Value(DefaultLearningRate), rates);
        foreach (var setting in SettingDefinition.All)
            if (keys.Value(setting.Name) is { } value)
                settings = setting is SettingDefinition.Number rate && setting.Name == LearningRate && ownRate is { } own
                    ? rate.Set(settings, own)
                    : Set(settings, setting, ListedSettings.OfTraining.Contains(setting.Name) ? OwnOf(settings, setting, value, known, lists) : value, known);
        keys.Finish();
        return settings;
    }

    private static TrainingSettings Set(TrainingSettings settings, SettingDefinition setting, YamlValue value, IReadOnlyCollection<string> known) => setting switch
    {
        SettingDefinition.Integer integer => integer.Set(settings, value.AsInteger(integer.Minimum, integer.Maximum)),
        SettingDefinition.Number number => number.Set(settings, value.AsNumber(number.Minimum, number.Maximum, number.AboveMinimum)),
        SettingDefinition.Flag flag => flag.Set(settings, value.AsChoice(SettingDefinition.Flag.Choices) == "true"),
        SettingDefinition.Choice choice => choice.Set(settings, value.AsChoice(choice.Choices)),
        SettingDefinition.Form form => form.Set(settings, value.As(form.Parse)),
        SettingDefinition.PerName numbers => numbers.Set(settings, Numbers(numbers, value, known)),
        _ => throw new InvalidOperationException($"setting {setting.Name} has a type that study files do not support"),
    };

    // the study's own value of a setting that may be listed
    private static YamlValue OwnOf(TrainingSettings settings, SettingDefinition setting, YamlValue value, IReadOnlyCollection<string> known, List<SettingList> lists)
    {
        if (value.AsAlternatives(ListedSettings.IsLogarithmic(setting.Name), isWhole: setting is SettingDefinition.Integer) is not { } values) return value;
        if (values.Count == 0) throw value.Error($"'{setting.Name}' has no value; name at least one");
        var (sorted, own) = Sorted([.. values.Select(item => (item, Text(setting.ValueOf(Set(settings, setting, item, known)))!))], value, setting.Name);
        if (sorted.Length > 1) lists.Add(new(null, setting.Name, sorted));
        return own;
    }

    private static SearchSettings Search(YamlMappingReader? keys, Dictionary<string, Design> designs, IReadOnlyCollection<string> known, string folder)
    {
        var defaults = new SearchSettings();
        if (keys is null) return defaults;
        var (baselines, random) = keys.Value("baselines") is { } list ? BaselineYaml.Read(list, designs, known, folder) : (defaults.Baselines, null);
        var search = new SearchSettings
        {
            Policy = keys.Value("policy")?.AsChoice(SearchPolicies.Names) ?? defaults.Policy,
            SamplesPerOption = keys.Integer("samples-per-option", 1, Many) ?? defaults.SamplesPerOption,
            Seed = keys.Integer("seed", 0, int.MaxValue) ?? defaults.Seed,
            FinalEpochs = keys.Integer("final-epochs", 1, Many) ?? defaults.FinalEpochs,
            FinalSeeds = keys.Integer("final-seeds", 1, Many) ?? defaults.FinalSeeds,
            Baselines = baselines,
            RandomDesigns = random,
            Refit = keys.Value("refit")?.AsChoice(["true", "false"]) is { } refit ? refit == "true" : defaults.Refit,
            RefitRuns = keys.Integer("refit-runs", 1, 100),
            Prefer = keys.Value("prefer")?.AsText(),
            ScoresEveryEpoch = keys.Value("score-every-epoch")?.AsChoice(["true", "false"]) is { } every ? every == "true" : defaults.ScoresEveryEpoch,
            From = keys.Value("from") is { } stores ? Names(stores, "store", store => store.AsText()) : [],
            Limit = new(
                keys.Value("time")?.As(DurationText.Parse),
                keys.Integer("trials", 1, int.MaxValue),
                keys.Number("examples", 1, 1e15) is { } examples ? (long)examples : null),
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
            if (names.Contains(name)) throw item.Error($"{what} '{name}' is named twice; remove one");
            names.Add(name);
        }

        return names.Count > 0 ? [.. names] : throw list.Error($"the list is empty; name at least one {what}");
    }
}
