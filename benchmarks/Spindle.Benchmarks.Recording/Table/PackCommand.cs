namespace Spindle.Benchmarks.Recording.Table;

/// <summary>Packs what is recorded into one file.</summary>
internal static class PackCommand
{
    private const long LargestFile = 5_000_000;

    /// <summary>Adds the files of lines to the packed table.</summary>
    /// <param name="folder">The folder of the files of lines.</param>
    /// <param name="packed">The packed table, which may be missing.</param>
    /// <exception cref="InvalidDataException">Nothing is recorded, or a file cannot be read.</exception>
    public static void Run(string folder, string packed)
    {
        var trials = Recorded.Read(folder, packed);
        if (trials.Count == 0) throw new InvalidDataException($"{folder}: nothing is recorded yet; run 'record' first");
        PackedTable.Write(packed, trials);
        var size = new FileInfo(packed).Length;
        Console.WriteLine(FormattableString.Invariant($"{packed}: {trials.Count} trials of {trials.Select(trial => trial.Key.Candidate).Distinct().Count()} candidates in {size:N0} bytes"));
        foreach (var half in trials.GroupBy(trial => Halves.Of(trial.Key.Task)))
            Console.WriteLine(FormattableString.Invariant($"{half.Key}: {half.Count()} trials on {string.Join(", ", half.Select(trial => trial.Key.Task).Distinct())}"));
        if (size > LargestFile) Console.WriteLine(FormattableString.Invariant($"warning: it is larger than {LargestFile:N0} bytes"));
    }
}
