using Dapper;
using Microsoft.Data.Sqlite;
using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Dashboard.Tests;

/// <summary>A store of a search with very many finished trials, each design of which is another one, as a joint search leaves it.</summary>
internal sealed class LargeStore : IDisposable
{
    private const int Layers = 12;
    private const int Groups = 4;

    private static readonly string[] Tasks = ["left", "right"];
    private static readonly string[] Strategies = ["adapter", "bitfit", "lora", "prefix"];

    private readonly string folder = Directory.CreateTempSubdirectory("spindle-test-").FullName;

    /// <summary>Makes a store.</summary>
    /// <param name="options">The number of options.</param>
    /// <param name="designs">The number of designs of each option, each on two tasks.</param>
    public LargeStore(int options, int designs)
    {
        Path = System.IO.Path.Combine(folder, "large.db");
        using var store = SqliteTrialStore.OpenOrCreate(Path);
        store.Register(new StudyRecord("large", "seed: 1", "tiny", 400_000, 2_000, [new("left", 50), new("right", 0)], "joint", designs, 1, 1, 1));
        var random = new Random(1);
        string[] names = [.. Enumerable.Range(1, options).Select(number => FormattableString.Invariant($"option {number}"))];
        store.SaveStages([new("rung 1", true, [.. names.Select(name => new OptionRecord(name, name, true, designs, 0, 0, null))], true, names[0])]);
        store.Add([.. names.SelectMany(name => Enumerable.Range(0, designs).SelectMany(sample =>
        {
            var design = Drawn(random);
            return Tasks.Select(task => new TrialSpec(new("rung 1", name, sample, task, 1, 1), Sized(design)));
        }))]);
        // a claim for each would take minutes
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Execute(
            """
            update trial set state = 2, end_order = id, score = 60 + (id * 7919) % 1000 / 50.0, metrics = '{"accuracy":0.7}', epoch_scores = '[70]', trained = 1900, head_parameters = 10,
                example_steps = 1000, seconds = 2, milliseconds_per_row = 1, scoring_batch = 32, remaining_parameters = 1900, worker = 'worker 1', started = added, heard = added, ended = added
            """);
    }

    /// <summary>Its file.</summary>
    public string Path { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Design Drawn(Random random)
    {
        StrategySet[] sets = [.. Enumerable.Range(0, Groups).Select(_ => new StrategySet(Strategies.Where(_ => random.Next(2) == 0)))];
        if (sets.All(set => set.IsEmpty)) sets[0] = new("lora");
        return new(LayerGrouping.Of((GroupingPattern)random.Next(3), Layers, Groups), Allocation.Drawn([.. Enumerable.Range(0, Layers).Select(_ => random.Next(1, 100))]), new(sets));
    }

    private static TuningPlan.Sized Sized(Design design)
    {
        var group = 0;
        return new(design, [.. design.Grouping.Sizes.SelectMany(size => Enumerable.Repeat(design.Strategies.Groups[group++], size))
            .Select((set, layer) => new LayerTuning(layer, [.. set.Select(name => new SizedStrategy(name, 4, 64))]))]);
    }
}
