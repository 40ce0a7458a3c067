using System.Globalization;
using System.Text;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>The folders of tuned weights: one per trial while the search runs, and the best one of each task at the end.</summary>
public static class TrialWeights
{
    private const string TrialsFolder = ".trials";

    /// <summary>The folder of a task's tuned weights: the task's name, with <c>-</c> in place of every character except letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    /// <param name="root">The tuned folder.</param>
    /// <param name="task">The task's name.</param>
    public static string TaskFolder(string root, string task) => Path.Combine(root, Safe(task));

    /// <summary>The folder of a trial's tuned weights while the search runs.</summary>
    /// <param name="root">The tuned folder.</param>
    /// <param name="key">The trial's key.</param>
    public static string TrialFolder(string root, TrialKey key) =>
        Path.Combine(root, TrialsFolder, string.Create(CultureInfo.InvariantCulture, $"{Safe(key.Option)}-{key.Sample + 1}-{Safe(key.Task)}-{DerivedSeed.Of(key.Seed, key.Given)}"));

    /// <summary>Moves the tuned weights of the best trial of each task to the task's folder, and deletes all others. Weights that an earlier, interrupted call
    /// moved stay in place.</summary>
    /// <param name="root">The tuned folder.</param>
    /// <param name="trials">The trials from which the best is chosen.</param>
    /// <returns>The tasks whose weights are missing.</returns>
    public static IReadOnlyList<string> KeepBest(string root, IReadOnlyList<Trial> trials)
    {
        var missing = new List<string>();
        var kept = trials.Where(trial => trial.Spec.KeepsWeights && trial.State == TrialState.Completed);
        foreach (var task in kept.GroupBy(trial => trial.Spec.Key.Task))
        {
            var best = task.OrderByDescending(trial => trial.Points).ThenBy(trial => trial.Id).First();
            var (source, target) = (TrialFolder(root, best.Spec.Key), TaskFolder(root, task.Key));
            if (Directory.Exists(source))
            {
                if (Directory.Exists(target)) Directory.Move(target, Path.Combine(root, TrialsFolder, "old-" + Guid.NewGuid().ToString("N")));
                Directory.Move(source, target);
            }
            else if (!Directory.Exists(target)) missing.Add(task.Key);
        }

        if (Directory.Exists(Path.Combine(root, TrialsFolder))) Directory.Delete(Path.Combine(root, TrialsFolder), recursive: true);
        return missing;
    }

    // names come from studies and stores and must not lead out of the folder
    private static string Safe(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name) text.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-');
        if (text.Length == 0 || text[0] == '.') text.Insert(0, '-');
        return text.ToString();
    }
}
