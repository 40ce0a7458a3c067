using System.Globalization;
using Spindle.Search.Studies;

namespace Spindle.Reports;

/// <summary>Where a search ran, in words.</summary>
internal static class RunText
{
    private const double Gibibyte = 1L << 30;
    private const int ShortCommit = 10;

    /// <summary>The machine, the versions and the time of a run in one sentence.</summary>
    public static string Sentence(SearchRun run)
    {
        string?[] parts =
        [
            run.Processor ?? "an unknown processor",
            Figures.Count(run.Cores, "core"),
            run.Memory > 0 ? string.Create(CultureInfo.InvariantCulture, $"{run.Memory / Gibibyte:F1} GiB of memory") : null,
            run.System,
            run.DotNet is { } net ? $".NET {net}" : null,
            run.Libtorch is { } libtorch ? $"libtorch {libtorch}" : null,
            $"Spindle {run.Version}{(run.Commit is { } commit ? $" (commit {commit[..Math.Min(commit.Length, ShortCommit)]})" : "")}",
            Figures.Count(run.Workers, "worker") + (run.Devices.Length > 0 ? $" on {run.Devices}" : ""),
        ];
        return string.Create(CultureInfo.InvariantCulture, $"Run from {run.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC on {string.Join(", ", parts.OfType<string>())}.").ReplaceLineEndings(" ");
    }

    /// <summary>The command of the last run that had one, or null.</summary>
    public static string? Repeat(StudyRecord study) => study.Runs.LastOrDefault(run => run.Command is not null)?.Command?.ReplaceLineEndings(" ");

    /// <summary>The study's seed, or null in older stores.</summary>
    public static string? Seed(StudyRecord study) => study.Settings?.GetValueOrDefault("search.seed");
}
