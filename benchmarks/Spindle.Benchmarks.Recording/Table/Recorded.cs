namespace Spindle.Benchmarks.Recording.Table;

/// <summary>Everything that is recorded.</summary>
internal static class Recorded
{
    /// <summary>The trials of the packed table and of all files of lines, each once, ordered by candidate, task, seed and rows.</summary>
    /// <param name="folder">The folder of the files of lines, which may be missing.</param>
    /// <param name="packed">The packed table, which may be missing.</param>
    /// <exception cref="InvalidDataException">A file cannot be read.</exception>
    public static IReadOnlyList<RecordedTrial> Read(string folder, string packed)
    {
        string[] files = Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)] : [];
        return [.. (File.Exists(packed) ? PackedTable.Read(packed) : []).Concat(files.SelectMany(LineFile.Read))
            .DistinctBy(trial => trial.Key).OrderBy(trial => trial.Key.Candidate).ThenBy(trial => trial.Key.Task, StringComparer.Ordinal).ThenBy(trial => trial.Key.Seed).ThenBy(trial => trial.Key.Rows)];
    }
}
