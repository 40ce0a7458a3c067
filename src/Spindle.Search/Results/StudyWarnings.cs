using Spindle.Metrics.Comparisons;
using Spindle.Search.Trials;

namespace Spindle.Search.Results;

/// <summary>Warnings to read before trusting a study's numbers.</summary>
internal static class StudyWarnings
{
    // from this share of a task's training rows on, that they are cut is worth a warning
    private const double CutShare = 0.05;

    // if more options of a stage than this do not fit, they share one warning
    private const int MostListedSeparately = 3;

    public static IReadOnlyList<string> List(StudyResult result, IReadOnlyList<Trial> finished) =>
    [
        .. Cut(result),
        .. NoSignal(result, finished),
        .. Uncertain(result),
        .. Single(result),
        .. NotExact(result),
        .. Infeasible(result),
        .. Failures(result, finished),
        .. NotByRows(result),
    ];

    private static IEnumerable<string> Cut(StudyResult result) => result.Study.Tasks
        .Where(task => task is { CutRows: { } cut, ExaminedRows: > 0 and { } examined } && cut >= CutShare * examined)
        .Select(task => $"{task.Name}: {task.Cut ?? FormattableString.Invariant($"{task.CutRows:N0} of {task.ExaminedRows:N0} training rows are cut")}; raise 'max-length' or shorten the texts");

    private static IEnumerable<string> NoSignal(StudyResult result, IReadOnlyList<Trial> finished)
    {
        foreach (var task in result.Study.Tasks)
        {
            Trial[] trials = [.. finished.Where(trial => trial.Spec.Key.Task == task.Name && result.Stages.Any(stage => stage.Name == trial.Spec.Key.Stage))];
            var low = trials.Count(trial => trial.Points < task.Chance + VotingTasks.UsualMargin);
            if (trials.Length > 0 && 2 * low >= trials.Length)
                yield return FormattableString.Invariant(
                    $"{task.Name}: {low} of {trials.Length} trials of the stages score no better than chance ({task.Chance:0.0}); on this task designs differ only by noise, so give it more rows or epochs, another learning rate, or leave it out");
            if (result.Found?.Scores.TryGetValue(task.Name, out var score) == true && score < task.Chance + VotingTasks.UsualMargin)
                yield return FormattableString.Invariant(
                    $"{task.Name}: the found design scores {score:0.0}, and guessing scores {task.Chance:0.0}; its model is useless for this task");
        }
    }

    private static IEnumerable<string> Uncertain(StudyResult result)
    {
        foreach (var stage in result.Stages.Where(stage => stage is { IsDecided: true, IsCertain: false, Race: not null }))
            yield return FormattableString.Invariant(
                $"{stage.Name}: not certain: {stage.Options.Count(option => option is { Dropped: null, Mean: not null })} options were left when the race ended; {stage.Chosen} leads {stage.Second!.Name} by {stage.Winner!.Mean - stage.Second.Mean:0.00} points (p = {stage.CorrectedProbability:0.000}, corrected for every look of every stage)");
        foreach (var stage in result.Stages.Where(stage => stage is { IsDecided: true, IsCertain: false, Race: null }))
            yield return FormattableString.Invariant(
                $"{stage.Name}: not certain: {stage.Chosen} leads {stage.Second!.Name} by {stage.Winner!.Mean - stage.Second.Mean:0.00} points and is the best option with a probability of {stage.Winner.ProbabilityOfBest:0.00} (p = {stage.CorrectedProbability:0.000} after Holm's correction for all stages)");
    }

    private static IEnumerable<string> Single(StudyResult result)
    {
        var unknown = result.Stages.Where(stage => stage is { IsDecided: true, Compares: true, Second: not null } && stage.IsCertain is null)
            .ToLookup(stage => stage.Options.All(option => option.Designs < 2), stage => stage.Name);
        if (unknown[true].Any())
            yield return $"{string.Join(", ", unknown[true])}: not certain: an option with a single design has no standard error; raise 'samples-per-option', or compare the sides over more seeds";
        if (unknown[false].Any())
            yield return $"{string.Join(", ", unknown[false])}: not certain: the differences between options are the same with every design (zero variance), which shows nothing about chance";
    }

    private static IEnumerable<string> NotByRows(StudyResult result) => result.Others
        .Where(other => result is { IsComplete: true, Reference.IsScored: true } && other.IsScored && result.Rows.All(rows => rows.Against != other.Name))
        .Select(other => $"{other.Name}: not compared row by row: no seed was completed by both sides on every task, their validation rows differ, "
            + "or the predictions were not kept (older versions did not keep them)");

    private static IEnumerable<string> NotExact(StudyResult result) => result.Stages
        .SelectMany(stage => stage.Options.Where(option => !option.Exact).Select(option =>
            $"{stage.Name}: {option.Name} is not possible exactly at this depth; the nearest sizes are used ({option.Description})"
            + (stage.Chosen == option.Name ? ", and it was chosen" : "")));

    private static IEnumerable<string> Infeasible(StudyResult result)
    {
        foreach (var stage in result.Stages)
        {
            var unfit = stage.Options.Where(option => option.Reason is not null).ToArray();
            if (unfit.Length > MostListedSeparately)
                yield return FormattableString.Invariant(
                    $"{stage.Name}: {unfit.Length} of {stage.Options.Count} options have no design that fits the budget and could not be chosen; the first is {unfit[0].Name}: {unfit[0].Reason}");
            else
                foreach (var option in unfit) yield return $"{stage.Name}: no design of {option.Name} fits the budget, so it could not be chosen: {option.Reason}";
        }
        foreach (var baseline in result.Baselines.Where(baseline => baseline.Reason is not null))
            yield return $"baseline {baseline.Name} does not fit the budget: {baseline.Reason}";
    }

    private static IEnumerable<string> Failures(StudyResult result, IReadOnlyList<Trial> finished)
    {
        foreach (var (state, what) in ((TrialState, string)[])[(TrialState.Diverged, "diverged, also at a third of their learning rates, and score as guessing does"), (TrialState.Failed, "could not be run and are left out of every mean; run the search again to retry them")])
            if (finished.Where(trial => trial.State == state).ToArray() is [var first, ..] failed)
                yield return FormattableString.Invariant($"{failed.Length} of {finished.Count} trials {what}; the first is {first.Spec.Key}: {first.Failure}");
        if (finished.Where(trial => trial is { State: TrialState.Completed, Outcome.Diverged: not null }).ToArray() is [var second, ..] repeated)
            yield return FormattableString.Invariant($"{repeated.Length} of {finished.Count} trials diverged and were trained again at a third of their learning rates; the first is {second.Spec.Key}: {second.Outcome!.Diverged}");
        foreach (var baseline in result.Baselines.Where(baseline => baseline.Trials > 0 && baseline.Failed == baseline.Trials))
            yield return $"baseline {baseline.Name} has no score: all of its trials failed";
    }
}
