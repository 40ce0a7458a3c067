using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Benchmarks.Recording.Table;

namespace Spindle.Benchmarks.Recording.Recording;

/// <summary>How long trials will take on one core: as long as those of the same task and number of rows did, or as they did on a core of an AMD EPYC (Zen 4) where none is recorded.</summary>
/// <param name="recorded">The trials that are recorded.</param>
internal sealed class Forecast(IEnumerable<RecordedTrial> recorded)
{
    // milliseconds of a row that trains and of one that is scored
    private static readonly Dictionary<string, (double Trained, double Scored)> Usual = new()
    {
        ["sst2"] = (6, 4),
        ["stsb"] = (10, 5),
        ["qqp"] = (10, 5),
        ["qnli"] = (11, 5),
    };

    private readonly Dictionary<(string Task, int Rows), double> means = recorded.GroupBy(trial => (trial.Key.Task, trial.Key.Rows)).ToDictionary(same => same.Key, same => same.Average(trial => trial.Seconds));

    /// <summary>The seconds of some trials.</summary>
    public double Seconds(IEnumerable<TrialId> trials) => trials.Sum(trial => means.TryGetValue((trial.Task, trial.Rows), out var mean) ? mean : UsualSeconds(trial));

    private static double UsualSeconds(TrialId trial)
    {
        var (trained, scored) = Usual[trial.Task];
        return RecordedStudy.Epochs * (trial.Rows * trained + RecordedTasks.Scored * scored) / 1000;
    }
}
