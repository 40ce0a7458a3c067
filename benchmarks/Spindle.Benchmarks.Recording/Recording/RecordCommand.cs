using Spindle.Benchmarks.Recording.Table;

namespace Spindle.Benchmarks.Recording.Recording;

/// <summary>Records what is not recorded yet.</summary>
internal static class RecordCommand
{
    /// <summary>Trains every trial of a part that neither a file of lines nor the packed table has, and appends a line for each.</summary>
    /// <param name="folder">The folder of the files of lines; all of them count as recorded.</param>
    /// <param name="packed">The packed table, which may be missing.</param>
    /// <param name="data">The folder of GLUE.</param>
    /// <param name="part">The part.</param>
    /// <param name="candidates">The number of candidates.</param>
    public static void Run(string folder, string packed, string data, Shard part, int candidates)
    {
        var recorded = Recorded.Read(folder, packed);
        var known = recorded.Select(trial => trial.Key).ToHashSet();
        using var recorder = new Recorder(data);
        Directory.CreateDirectory(folder);
        if (ScoredRows.Beside(packed) is var rows && !File.Exists(rows)) recorder.Rows.Write(rows);
        var file = Path.Combine(folder, part.FileName);
        using var held = Hold(file);
        var all = recorder.Candidates(candidates);
        var mine = all.Where(candidate => part.Has(candidate.Index))
            .Select(candidate => (Candidate: candidate, Trials: RecordingPlan.Of(candidate.Index).Where(id => !known.Contains(id)).ToArray())).ToArray();
        var forecast = new Forecast(recorded);
        Console.WriteLine(FormattableString.Invariant(
            $"{all.Count * RecordingPlan.TrialsPerCandidate} trials of {all.Count} candidates, {known.Count} of them recorded: about {forecast.Seconds(all.SelectMany(candidate => RecordingPlan.Of(candidate.Index))) / 3600:F1} core-hours in all"));
        Console.WriteLine(FormattableString.Invariant(
            $"{mine.Sum(one => one.Trials.Length)} to record in part {part.Number} of {part.Count}: about {forecast.Seconds(mine.SelectMany(one => one.Trials)) / 3600:F1} hours"));
        foreach (var (candidate, trials) in mine)
        {
            if (trials.Length == 0) continue;
            var done = new List<RecordedTrial>();
            foreach (var id in trials)
            {
                done.Add(recorder.Train(candidate, id));
                LineFile.Append(file, done[^1]);
            }

            Console.WriteLine(FormattableString.Invariant(
                $"{candidate.Index} {candidate.Name} at {candidate.Rate}: {done.Count} trials, mean score {done.Where(trial => trial.Scores.Count > 0).Select(trial => trial.Scores[^1]).DefaultIfEmpty().Average():F2}, {done.Sum(trial => trial.Seconds):F0} s"));
        }
    }

    // the system frees it when the process ends, however it ends
    private static FileStream Hold(string file)
    {
        try
        {
            return new(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new InvalidDataException($"{file}: another process records this part; wait for it, or take another part");
        }
    }
}
