using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Dashboard.Tests;

/// <summary>A store of a search that nobody ran, in a temporary folder.</summary>
internal sealed class MadeStore : IDisposable
{
    /// <summary>Text that would do harm in a page.</summary>
    public const string Hostile = "</script><img src=x onerror=alert(1)>";

    private static readonly Design Design = new(LayerGrouping.Of(GroupingPattern.Uniform, 6, 2), Allocation.Drawn([1, 1, 1, 1, 1, 1]), new([new("lora"), new("lora")]));

    private readonly string folder = Directory.CreateTempSubdirectory("spindle-test-").FullName;

    /// <summary>Makes a store with the trials of three options on two tasks.</summary>
    /// <param name="designs">The number of designs of each option.</param>
    public MadeStore(int designs = 4)
    {
        Path = File("made.db");
        Store = SqliteTrialStore.OpenOrCreate(Path);
        Store.Register(new StudyRecord("made", "seed: 1", "tiny", 400_000, 2_000, [new("left", 50), new("right", 0)], "staged", designs, 1, 1, 1)
        {
            Settings = new Dictionary<string, string> { ["search.time"] = "\"10 min\"" },
            Runs = [Run(-2, "an older processor"), Run(-1, "the processor"), Run(1, "a later processor")],
        });
        string[] options = ["lora", "bitfit", Hostile];
        Store.SaveStages([new("S1", true, [.. options.Select(option => new OptionRecord(option, option, true, designs, 0, 0, null))], false, null)]);
        Store.Add([.. from option in options from sample in Enumerable.Range(0, designs) from task in (string[])["left", "right"] select Spec(option, sample, task)]);
    }

    /// <summary>The store.</summary>
    public SqliteTrialStore Store { get; }

    /// <summary>Its file.</summary>
    public string Path { get; }

    /// <summary>A file in the store's folder.</summary>
    public string File(string name) => System.IO.Path.Combine(folder, name);

    /// <summary>Claims a trial and gives it a score.</summary>
    public long Score(double score)
    {
        var claim = Store.Claim("worker")!;
        Store.Heartbeat(claim, 20, [new(10, 0.7), new(20, 0.5)]);
        Store.Complete(claim, new(score, new Dictionary<string, double> { ["accuracy"] = score / 100 }, [score], 400, 10, 20, 0.5, null));
        return claim.Id;
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static SearchRun Run(int days, string processor) => new(DateTimeOffset.UtcNow.AddDays(days), "1.2.3") { Commit = "0123456789abcdef", Processor = processor, Cores = 2 };

    private static TrialSpec Spec(string option, int sample, string task) => new(new("S1", option, sample, task, 1, 1), new TuningPlan.Sized(Design, [.. Enumerable.Range(0, 6).Select(layer => new LayerTuning(layer, [new("lora", 4, 64)]))]));
}
