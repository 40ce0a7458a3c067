using System.Reflection;
using Spindle.Designs.Strategies;
using Spindle.Designs.Text;
using Spindle.Yaml;

namespace Spindle.Models.Tuning;

/// <summary>The strategies that designs may name, in the order in which they are attached to a layer. Immutable.</summary>
public sealed class StrategyRegistry
{
    private readonly IReadOnlyList<IStrategyKind> kinds;
    private readonly IReadOnlyList<Entry> entries;

    private StrategyRegistry(IReadOnlyList<IStrategyKind> kinds, IEnumerable<Entry> entries) =>
        (this.kinds, this.entries) = (kinds, [.. entries.OrderBy(entry => entry.Order).ThenBy(entry => entry.Name, StringComparer.Ordinal)]);

    /// <summary>Every strategy of Spindle with its default options.</summary>
    public static StrategyRegistry Default { get; } = Discover(typeof(StrategyRegistry).Assembly);

    /// <summary>Every strategy of some assemblies with its default options.</summary>
    /// <exception cref="ArgumentException">Two kinds have one name.</exception>
    public static StrategyRegistry Discover(params IEnumerable<Assembly> assemblies)
    {
        IStrategyKind[] kinds =
        [
            .. assemblies.SelectMany(assembly => assembly.GetTypes())
                .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && type.IsAssignableTo(typeof(IStrategyKind)))
                .Select(type => (IStrategyKind)Activator.CreateInstance(type)!),
        ];
        if (kinds.GroupBy(kind => kind.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"two kinds of strategy are named '{twice.Key}'", nameof(assemblies));
        return new(kinds, kinds.Select(kind => Entry.Of(kind.Name, kind, Activator.CreateInstance(kind.Options)!)));
    }

    /// <summary>The names of the strategies.</summary>
    public IReadOnlyCollection<string> Names => [.. entries.Select(entry => entry.Name)];

    /// <summary>The cost of each strategy.</summary>
    public StrategyCosts Costs => StrategyCosts.Of(entries.Select(entry => entry.Strategy.Cost));

    /// <summary>The registry with one more strategy, attached last, or with one that replaces the strategy of the same name.</summary>
    public StrategyRegistry With(ITuningStrategy strategy)
    {
        var known = entries.FirstOrDefault(entry => entry.Name == strategy.Cost.Name);
        return new(kinds, entries.Where(entry => entry != known).Append(new(strategy.Cost.Name, known?.Order ?? int.MaxValue, strategy, null, null)));
    }

    /// <summary>The registry with options instead of defaults. A name that is not the name of a kind becomes a further strategy.</summary>
    /// <param name="options">The options of each strategy by name, as <see cref="StrategyConfiguration.ToString()"/> writes them.</param>
    /// <exception cref="InvalidDataException">A strategy is unknown.</exception>
    public StrategyRegistry Configure(IReadOnlyDictionary<string, string> options) => new(kinds,
        [.. entries.Where(entry => !options.ContainsKey(entry.Name)), .. options.Select(pair => Configured(pair.Key, YamlSource.Parse(pair.Value, pair.Key).Root))]);

    /// <summary>The strategies as tuned folders store them, without what is needed only for training.</summary>
    public StrategyRegistry Stored => new(kinds, entries.Select(entry => entry.Stored ?? entry));

    /// <summary>The registry with configurations in place of defaults; a name that is not a kind's name becomes a variant beside the others.</summary>
    /// <param name="configurations">The configuration of each strategy by its name.</param>
    /// <exception cref="InvalidDataException">A configuration is of a kind that is not known.</exception>
    public StrategyRegistry Configure(IReadOnlyDictionary<string, StrategyConfiguration> configurations) =>
        Configure(configurations.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal));

    /// <summary>Reads the options of a strategy.</summary>
    /// <param name="name">The strategy's name, or that of a variant, which gives its kind under <c>kind</c>.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="InvalidDataException">An option is not known, or has an impossible value.</exception>
    public StrategyConfiguration ReadConfiguration(string name, YamlValue options) => Configured(name, options).Configuration!;

    /// <summary>The options of a strategy for which several values are written, with these values.</summary>
    /// <param name="name">The strategy's name, or that of a variant, which gives its kind under <c>kind</c>.</param>
    /// <param name="options">The options.</param>
    public IReadOnlyList<(string Option, IReadOnlyList<YamlValue> Values)> Alternatives(string name, YamlValue options)
    {
        var keys = options.AsMapping();
        var kindName = keys.Value("kind") is { IsList: false, IsMapping: false } named ? named.AsText() : name;
        return kinds.FirstOrDefault(kind => kind.Name == kindName) is { } known ? [.. StrategyOptions.Alternatives(known.Options, keys)] : [];
    }

    /// <summary>The registry with some options of strategies changed; the others keep their values.</summary>
    /// <param name="changes">For each strategy, the changed options as a mapping in YAML.</param>
    /// <exception cref="InvalidDataException">A strategy or an option is unknown, or a value is impossible.</exception>
    public StrategyRegistry Change(IReadOnlyDictionary<string, string> changes)
    {
        Entry[] changed =
        [
            .. changes.Select(change => Configured(change.Key, YamlSource.Parse(change.Value, change.Key).Mapping().Entries.Aggregate(
                YamlSource.Parse(OptionsOf(change.Key) ?? "{}", change.Key).Root, (options, option) => options.With(option.Key, option.Value)))),
        ];
        return new(kinds, [.. entries.Where(entry => !changes.ContainsKey(entry.Name)), .. changed]);
    }

    /// <summary>The options of a strategy in one line of YAML, or null where it was not made from options.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public string? OptionsOf(string name) => FindEntry(name).Configuration?.ToString();

    /// <summary>A strategy by name.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public ITuningStrategy Find(string name) => FindEntry(name).Strategy;

    /// <summary>The position of a strategy in the order of attachment.</summary>
    public int OrderOf(string name) => entries.TakeWhile(entry => entry.Name != name).Count();

    private Entry FindEntry(string name) => entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new InvalidDataException($"there is no strategy '{ErrorText.Line(name)}'; known are {string.Join(", ", Names)}");

    private Entry Configured(string name, YamlValue options)
    {
        var keys = options.AsMapping();
        var named = keys.Value("kind");
        var kindName = named?.AsChoice(kinds.Select(known => known.Name)) ?? name;
        var kind = kinds.FirstOrDefault(known => known.Name == kindName) ?? throw options.Error(
            $"there is no strategy '{name}'; " + (NearestName.Find(name, kinds.Select(known => known.Name)) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"name the kind that it is a variant of ('kind: …'): one of {string.Join(", ", kinds.Select(known => known.Name))}"));
        if (kind.Name != name && kinds.Any(known => known.Name == name)) throw options.Error($"'{name}' is the name of a kind of strategy; give the variant another name");
        var read = StrategyOptions.Read(kind.Options, keys);
        keys.Finish();
        return Entry.Of(name, kind, read);
    }

    private sealed record Entry(string Name, int Order, ITuningStrategy Strategy, StrategyConfiguration? Configuration, Entry? Stored)
    {
        public static Entry Of(string name, IStrategyKind kind, object options)
        {
            var strategy = kind.Make(options);
            var stored = kind.Stored(options);
            return new(
                name,
                StrategyOrder.IndexOf(kind.Name),
                name == kind.Name ? strategy : new StrategyVariant(name, strategy),
                new(kind.Name, options),
                stored.Equals(options) ? null : Of(name, kind, stored));
        }
    }
}
