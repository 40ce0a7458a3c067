using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>What a search may still spend, in rows trained on and in trials. Time is converted by the speed of the finished trials.</summary>
/// <param name="problem">The problem and its limit.</param>
internal sealed class Effort(SearchProblem problem)
{
    // of the time: the rest is for loading, for workers that wait for each other, and for trials slower than the mean
    private const double UsableTime = 0.93;

    // the rows that a row of an epoch counts as; listed epochs multiply it
    private double Passes { get; } = new SideRecipes(problem).LargestEpochFactor * problem.Study.AveragedRuns;

    private SearchLimit Limit => problem.Study.Search.Limit;

    /// <summary>What is left. Infinite where nothing limits it.</summary>
    /// <param name="spent">The trials that were paid for.</param>
    public (double Examples, double Trials) Left(IReadOnlyCollection<Trial> spent)
    {
        var outcomes = spent.Select(trial => trial.Outcome).OfType<TrialOutcome>().ToArray();
        var examples = Limit.Examples is { } most ? most - outcomes.Sum(outcome => outcome.ExampleSteps) : double.PositiveInfinity;
        if (Limit.Time is { } time && SecondsPerExample(spent) is { } seconds)
            examples = Math.Min(examples, (time.TotalSeconds * problem.Workers * UsableTime - outcomes.Sum(outcome => outcome.Seconds)) / seconds);
        return (Math.Max(0, examples), Limit.Trials is { } trials ? Math.Max(0, trials - spent.Count) : double.PositiveInfinity);
    }

    /// <summary>The rows that a worker trains on in a second, scoring included; 0 before the first trial.</summary>
    /// <param name="spent">The trials that were paid for.</param>
    public static double RowsPerSecond(IEnumerable<Trial> spent) => SecondsPerExample(spent) is { } seconds ? 1 / seconds : 0;

    /// <summary>The most rows that one epoch on every task trains on.</summary>
    /// <param name="rows">The number of training rows of a task, or null for all.</param>
    public double Epoch(int? rows) => Passes * problem.Tasks.Sum(task => (double)Math.Min(rows ?? int.MaxValue, task.TrainingRows));

    /// <summary>The rows of one epoch over all training rows, those that select included.</summary>
    public double EpochOfAllRows => Passes * problem.Tasks.Sum(task => (double)task.AllRows);

    /// <summary>The number of training rows of a task with which an epoch costs at most so much; null if that is all of them.</summary>
    /// <param name="examples">The rows that an epoch on every task may train on.</param>
    /// <param name="fewest">The fewest rows worth training on.</param>
    public int? RowsFor(double examples, int fewest)
    {
        if (Epoch(null) <= examples) return null;
        var (low, high) = (fewest, problem.Tasks.Max(task => task.TrainingRows));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Epoch(middle) <= examples) low = middle;
            else high = middle - 1;
        }

        return Epoch(low) >= Epoch(null) ? null : low;
    }

    private static double? SecondsPerExample(IEnumerable<Trial> spent)
    {
        Trial[] trained = [.. spent.Where(trial => trial.Outcome is { ExampleSteps: > 0, Seconds: > 0 })];
        return trained.Length == 0 ? null : trained.Sum(trial => trial.Outcome!.Seconds) / trained.Sum(trial => trial.Outcome!.ExampleSteps);
    }
}
