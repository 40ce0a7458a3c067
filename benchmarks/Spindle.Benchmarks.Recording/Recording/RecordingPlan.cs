using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Benchmarks.Recording.Table;

namespace Spindle.Benchmarks.Recording.Recording;

/// <summary>The trials of a recording, candidate by candidate.</summary>
internal static class RecordingPlan
{
    /// <summary>The seeds of each candidate.</summary>
    public static IReadOnlyList<int> Seeds { get; } = [1, 2];

    /// <summary>The numbers of training rows.</summary>
    public static IReadOnlyList<int> Rows { get; } = [128, RecordedTasks.Training];

    /// <summary>The number of candidates: 2,080 trials.</summary>
    public const int Candidates = 130;

    /// <summary>The trials of each candidate.</summary>
    public static int TrialsPerCandidate => Seeds.Count * Rows.Count * RecordedStudy.Tasks.Count;

    /// <summary>The trials of a candidate.</summary>
    /// <param name="candidate">The candidate's position in the list.</param>
    public static IEnumerable<TrialId> Of(int candidate) =>
        from seed in Seeds from rows in Rows from task in RecordedStudy.Tasks select new TrialId(candidate, task, seed, rows);
}
