using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Explanations;

/// <summary>What was trained under some conditions: its mean over tasks, in the final comparison over seeds too.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Option">Its option there.</param>
/// <param name="Plan">What was trained.</param>
/// <param name="Key">The conditions: the key of one of its trials, without task and seed.</param>
/// <param name="Seeds">The seeds of all its trials in one line: those with the same seeds share what a seed adds.</param>
/// <param name="Runs">The number of seeds that the score is the mean over.</param>
/// <param name="Examples">The rows that one seed trains on, over all tasks; null where that is not known.</param>
/// <param name="Points">The mean score in points.</param>
internal sealed record ScoredSide(string Stage, string Option, TuningPlan Plan, TrialKey Key, string Seeds, int Runs, double? Examples, double Points)
{
    /// <summary>The sides of a search whose every task counts, stage by stage. The last training on all rows is not among them, because nothing was selected on its rows.</summary>
    /// <param name="study">The study.</param>
    /// <param name="records">The stages.</param>
    /// <param name="trials">The trials.</param>
    public static IReadOnlyList<ScoredSide> List(StudyRecord study, IReadOnlyList<StageRecord> records, IReadOnlyList<Trial> trials)
    {
        var byStage = trials.Where(trial => trial.Counts && double.IsFinite(trial.Points)).OrderBy(trial => trial.Id).ToLookup(trial => trial.Spec.Key.Stage);
        var rows = study.Tasks.DistinctBy(task => task.Name).ToDictionary(task => task.Name, task => task.TrainingRows, StringComparer.Ordinal);
        return [.. records.Where(record => !record.IsRefit).DistinctBy(record => record.Name).SelectMany(record =>
        {
            var options = record.Options.Select(option => (option.Name, option.Given)).ToHashSet();
            return byStage[record.Name]
                .Where(trial => options.Contains((trial.Spec.Key.Option, trial.Spec.Key.Given)))
                .GroupBy(trial => trial.Spec.Key with { Task = "", Seed = 0, Sample = record.IsFinalComparison ? 0 : trial.Spec.Key.Sample, Split = record.IsFinalComparison ? 0 : trial.Spec.Key.Split })
                .Select(side => Of(side.Key, [.. side.GroupBy(trial => trial.Spec.Key.Sample).Where(seed => seed.Count() == rows.Count).Select(seed => seed.OrderBy(trial => trial.Spec.Key.Task, StringComparer.Ordinal).ToArray())], rows))
                .OfType<ScoredSide>();
        })];
    }

    private static ScoredSide? Of(TrialKey key, IReadOnlyList<Trial[]> runs, Dictionary<string, int> rows) => runs.Count == 0 ? null : new(
        key.Stage,
        key.Option,
        runs[0][0].Spec.Plan,
        key,
        string.Join(' ', runs.SelectMany(run => run).Select(trial => trial.Spec.Key.Seed)),
        runs.Count,
        runs[0].All(trial => (key.TrainingRows ?? rows.GetValueOrDefault(trial.Spec.Key.Task)) > 0)
            ? runs[0].Sum(trial => (double)trial.Spec.Key.Epochs * (key.TrainingRows ?? rows[trial.Spec.Key.Task]))
            : null,
        runs.Average(run => run.Average(trial => trial.Points)));
}
