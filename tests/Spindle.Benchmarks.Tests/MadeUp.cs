using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Benchmarks.Recording.Recording;
using Spindle.Benchmarks.Recording.Replay;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Benchmarks.Tests;

/// <summary>Recorded trials that nobody trained.</summary>
internal static class MadeUp
{
    /// <summary>The problem of the recorded study on the shape of its backbone.</summary>
    public static SearchProblem Problem { get; } = ReplayCommand.Problem();

    /// <summary>Expected answers of the scored rows of every task.</summary>
    public static ScoredRows Rows { get; } = new(RecordedStudy.Tasks.Select(task => (task, (IReadOnlyList<double>)[.. Enumerable.Range(0, RecordedTasks.Scored).Select(row => task == "stsb" ? row % 51 / 10.0 : row % 2)])));

    /// <summary>Predictions of a task with two labels, right for a share of the rows. Those that are right for a smaller share are right for a larger one too, so nothing is noise.</summary>
    /// <param name="points">The share in percent.</param>
    public static byte[] Right(double points) =>
        [.. Enumerable.Range(0, RecordedTasks.Scored).Select(row => DerivedSeed.Derive(row, "row") % 10_000 < points * 100 == (row % 2 == 1) ? (byte)2 : unchecked((byte)-3))];

    private static byte[] Bytes(int seed)
    {
        var bytes = new byte[RecordedTasks.Scored];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A trial with a design, three epochs and scores that have no short binary form.</summary>
    public static RecordedTrial Trial { get; } = new(
        new(7, "stsb", 2, 512), "random 3", "random", 2e-3, "grouping: uniform\nallocation: uniform\ngroups:\n  - {layers: 2, strategies: [adapter, lora]}\n  - {layers: 2, strategies: []}\n  - {layers: 2, strategies: [bitfit]}\n",
        ["adapter:3+lora:2", "adapter:3+lora:2", "", "", "bitfit:1", "bitfit:1"], 113_000, 0, [80.1, 81.333, 82.7], [Bytes(1), Bytes(2), Bytes(3)], 1536, 12.34);
}
