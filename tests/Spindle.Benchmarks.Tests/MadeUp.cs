using Spindle.Benchmarks.Recording.Replay;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Search.Studies;

namespace Spindle.Benchmarks.Tests;

/// <summary>Recorded trials that nobody trained.</summary>
internal static class MadeUp
{
    /// <summary>The problem of the recorded study on the shape of its backbone.</summary>
    public static SearchProblem Problem { get; } = ReplayCommand.Problem();

    /// <summary>A trial with a design, three epochs and scores that have no short binary form.</summary>
    public static RecordedTrial Trial { get; } = new(
        new(7, "stsb", 2, 512), "random 3", "random", 2e-3, "grouping: uniform\nallocation: uniform\ngroups:\n  - {layers: 2, strategies: [adapter, lora]}\n  - {layers: 2, strategies: []}\n  - {layers: 2, strategies: [bitfit]}\n",
        ["adapter:3+lora:2", "adapter:3+lora:2", "", "", "bitfit:1", "bitfit:1"], 113_000, 0, [80.1, 81.333, 82.7], [79.123, 80, 81.01], 1536, 12.34);
}
