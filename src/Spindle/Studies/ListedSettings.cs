using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Yaml;

namespace Spindle.Studies;

/// <summary>The settings for which a study may list values: as combinations for the search, and as parts of a training request.</summary>
internal static class ListedSettings
{
    /// <summary>The name of the rows per step.</summary>
    public const string BatchSize = "batch-size";

    private const string Epochs = "epochs", Dropout = "dropout", HeadLearningRate = "head-learning-rate";

    /// <summary>The settings of training that may be listed, beside the learning rate.</summary>
    public static IReadOnlyList<string> OfTraining { get; } = [Epochs, BatchSize, Dropout, HeadLearningRate];

    /// <summary>Whether a range of a setting's values has equal ratios, as that of a rate, and not equal distances.</summary>
    public static bool IsLogarithmic(string setting) => setting == HeadLearningRate;

    /// <summary>The most combinations that a study may list.</summary>
    public const int MostCombinations = 1_000;

    /// <summary>Every combination of the listed values, the study's own first.</summary>
    /// <param name="study">The study.</param>
    /// <param name="registry">The strategies by name; the study's options are added.</param>
    /// <exception cref="InvalidDataException">Options of a strategy exclude each other.</exception>
    public static IReadOnlyList<SettingCombination> Combinations(Study study, StrategyRegistry registry)
    {
        if (study.Lists.Count == 0) return [];
        var configured = registry.Configure(study.Strategies);
        IEnumerable<IReadOnlyList<ListedValue>> combinations = [[]];
        foreach (var list in study.Lists)
            combinations = combinations.SelectMany(values => list.Values.Select(value => (IReadOnlyList<ListedValue>)[.. values, new(list.Strategy, list.Name, value)]));
        return [.. combinations.Select(values => new SettingCombination(values)
        {
            IsBase = values.All(value => value.Value == BaseOf(study, value)),
            EpochFactor = values.FirstOrDefault(value => value is { Strategy: null, Name: Epochs }) is { } epochs ? YamlSource.Parse(epochs.Value, Epochs).Root.AsNumber(1, int.MaxValue) / study.Training.Epochs : 1,
            Costs = values.Any(value => value.Strategy is not null) ? configured.Change(Options(values)).Costs : null,
        }).OrderByDescending(combination => combination.IsBase)];
    }

    /// <summary>A request with the settings of a trial's key.</summary>
    /// <param name="settings">The settings, or null.</param>
    /// <param name="request">The request without them.</param>
    /// <exception cref="InvalidDataException">A setting is not known.</exception>
    public static FineTuningRequest Apply(string? settings, FineTuningRequest request)
    {
        if (settings is null) return request;
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in YamlSource.Parse($"{{{settings}}}", "the settings of a trial").Mapping().Entries)
            switch (name)
            {
                case var strategy when value.IsMapping: options[strategy] = value.ToText(); break;
                // the key has them
                case Epochs: break;
                case BatchSize: request = request with { BatchSize = value.AsInteger(1, int.MaxValue) }; break;
                case Dropout: request = request with { Dropout = value.AsNumber(0, 1) }; break;
                case HeadLearningRate: request = request with { HeadLearningRate = value.AsNumber(0, double.MaxValue, aboveMin: true) }; break;
                default: throw value.Error($"this version does not know the setting '{name}'; use the version that made the store");
            }

        return request with { StrategyOptions = options };
    }

    /// <summary>The base value of a listed setting: the study's own.</summary>
    private static string? BaseOf(Study study, ListedValue value) => value.Strategy is { } strategy
        ? study.Strategies[strategy].TextOf(value.Name)
        : StudyYaml.Text(SettingDefinition.All.First(setting => setting.Name == value.Name).ValueOf(study.Training));

    private static Dictionary<string, string> Options(IEnumerable<ListedValue> values) => values.Where(value => value.Strategy is not null).GroupBy(value => value.Strategy!)
        .ToDictionary(strategy => strategy.Key, strategy => $"{{{string.Join(", ", strategy.Select(value => $"{value.Name}: {value.Value}"))}}}", StringComparer.Ordinal);
}
