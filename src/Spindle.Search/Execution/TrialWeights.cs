using System.Globalization;
using System.Text;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>The folders of tuned weights: one per trial while the search runs, and the best one of each task at the end.</summary>
public static class TrialWeights
{
    /// <summary>The folder of the winner's tuned weights.</summary>
    public const string Best = "best";

    private const string Copied = "copy-";
    private const string Replaced = "old-";
    private const int LongestName = 80;

    /// <summary>The folder of the trials' weights while the search runs.</summary>
    public const string TrialsFolder = ".trials";

    /// <summary>The folder of the winner's tuned weights for a task: the task's name with <c>-</c> for whatever is not a letter, digit, <c>.</c>, <c>_</c> or <c>-</c>.</summary>
    /// <param name="root">The tuned folder.</param>
    /// <param name="task">The task's name.</param>
    public static string TaskFolder(string root, string task) => Path.Combine(root, Best, Safe(task));

    /// <summary>The folder of a side's tuned weights for a task.</summary>
    /// <param name="root">The tuned folder.</param>
    /// <param name="side">The side's name.</param>
    /// <param name="task">The task's name.</param>
    public static string SideFolder(string root, string side, string task) => Path.Combine(root, Safe(side), Safe(task));

    /// <summary>The folder of a trial's tuned weights while the search runs.</summary>
    /// <param name="root">The tuned folder.</param>
    /// <param name="key">The trial's key.</param>
    public static string TrialFolder(string root, TrialKey key) =>
        Path.Combine(root, TrialsFolder, string.Create(CultureInfo.InvariantCulture, $"{Short(key.Option)}-{key.Sample + 1}-{Short(key.Task)}-{DerivedSeed.Derive(key.Seed, key.Given)}"));

    /// <summary>The file that keeps where the training of a trial stands.</summary>
    /// <param name="root">The tuned folder.</param>
    /// <param name="key">The trial's key.</param>
    public static string CheckpointFile(string root, TrialKey key) => TrialFolder(root, key) + ".training";

    /// <summary>Whether a folder in <see cref="TrialsFolder"/> holds the weights of a trial, and not a copy that is being moved.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsTrial(string folder) =>
        !((string[])[Copied, Replaced]).Any(start => Path.GetFileName(folder).StartsWith(start, StringComparison.Ordinal) && Guid.TryParseExact(Path.GetFileName(folder)[start.Length..], "N", out _));

    /// <summary>Moves the tuned weights of each side's best trial on each task to the side's folder, copies the winner's to <see cref="Best"/>, and deletes all others. Weights that an
    /// earlier, interrupted call moved stay in place.</summary>
    /// <param name="root">The tuned folder.</param>
    /// <param name="trials">The trials of the final comparison.</param>
    /// <param name="winner">The side that won, or null where none has a score.</param>
    /// <param name="refits">The trials that trained the winner again on all rows, if any. Their weights are the best ones.</param>
    /// <param name="written">The trials that wrote weights again.</param>
    /// <returns>The trials whose weights are missing, each with its folder as <c>SIDE/TASK</c>.</returns>
    public static IReadOnlyList<(string Folder, Trial Trial)> KeepBest(string root, IReadOnlyList<Trial> trials, string? winner, IReadOnlyList<Trial> refits, IReadOnlyList<Trial> written)
    {
        var missing = new List<(string, Trial)>();
        var kept = trials.Where(trial => trial.Spec.KeepsWeights && trial.State == TrialState.Completed);
        foreach (var side in kept.GroupBy(trial => (trial.Spec.Key.Option, trial.Spec.Key.Task)))
        {
            var best = side.OrderByDescending(trial => trial.Points).ThenBy(trial => trial.Id).First();
            var (source, target) = (TrialFolder(root, best.Spec.Key), SideFolder(root, side.Key.Option, side.Key.Task));
            if (Directory.Exists(source)) Replace(root, source, target);
            else if (!Directory.Exists(target) || IsUnsaved(best)) missing.Add(($"{side.Key.Option}/{side.Key.Task}", best));
            var isRefit = refits.Any(trial => trial.Spec.Key.Task == side.Key.Task && trial.State == TrialState.Completed);
            if (side.Key.Option == winner && !isRefit && Directory.Exists(target)) Copy(root, target, TaskFolder(root, side.Key.Task));
        }

        foreach (var trial in refits.Where(trial => trial.State == TrialState.Completed))
        {
            var (source, target) = (TrialFolder(root, trial.Spec.Key), TaskFolder(root, trial.Spec.Key.Task));
            if (Directory.Exists(source)) Replace(root, source, target);
            else if (!Directory.Exists(target) || IsUnsaved(trial)) missing.Add(($"{Best}/{trial.Spec.Key.Task}", trial));
        }

        if (Directory.Exists(Path.Combine(root, TrialsFolder))) Directory.Delete(Path.Combine(root, TrialsFolder), recursive: true);
        return missing;

        // what is there may be the weights of an earlier best trial
        bool IsUnsaved(Trial trial) => trial.Outcome?.Unsaved is not null
            && !written.Any(again => again is { State: TrialState.Completed, Outcome.Unsaved: null } && again.Spec.Key with { Stage = trial.Spec.Key.Stage } == trial.Spec.Key);
    }

    /// <summary>Copies a trial's weights to <see cref="Best"/>.</summary>
    /// <param name="root">The tuned folder.</param>
    /// <param name="key">The trial's key.</param>
    internal static void CopyToBest(string root, TrialKey key) => Copy(root, TrialFolder(root, key), TaskFolder(root, key.Task));

    private static void Copy(string root, string source, string target)
    {
        var copy = Path.Combine(root, TrialsFolder, Copied + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        Replace(root, copy, target);
    }

    private static void Replace(string root, string source, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var old = Path.Combine(root, TrialsFolder, Replaced + Guid.NewGuid().ToString("N"));
        if (Directory.Exists(target))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(old)!);
            Directory.Move(target, old);
        }

        Directory.Move(source, target);
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
    }

    // the names of options with several settings are longer than a file system allows
    private static string Short(string name) => name.Length <= LongestName
        ? Safe(name)
        : string.Create(CultureInfo.InvariantCulture, $"{Safe(name[..LongestName])}-{DerivedSeed.Derive(0, name)}");

    // names come from studies and stores and must not lead out of the folder
    private static string Safe(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name) text.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-');
        if (text.Length == 0 || text[0] == '.') text.Insert(0, '-');
        return text.ToString();
    }
}
