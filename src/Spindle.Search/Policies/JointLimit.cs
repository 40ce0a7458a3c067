using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>What a search of <see cref="JointPolicy"/> may still spend on rungs and finalists when the last training is set aside.</summary>
/// <param name="problem">The problem and its limit.</param>
internal sealed class JointLimit(SearchProblem problem)
{
    /// <summary>The fewest training rows of a task.</summary>
    public const int FewestRows = 128;

    private const double LargestShareOfRefit = 0.45;

    // a machine may be busier at the end
    private const double SlackOfRefit = 1.3;

    private readonly Effort effort = new(problem);

    /// <summary>The number of sides that are scored without training.</summary>
    public int Untrained { get; } = Baselines.List(problem).Count(side => side.IsUntrained);

    private int Tasks => problem.Tasks.Count;

    private SearchSettings Settings => problem.Study.Search;

    /// <summary>What is left for rungs and finalists, in rows trained on and in trials.</summary>
    /// <param name="spent">The trials that were paid for.</param>
    public (double Examples, double Trials) Available(IReadOnlyCollection<Trial> spent)
    {
        var (examples, trials) = effort.Left(spent);
        var refit = RefitCost(examples + spent.Sum(trial => trial.Outcome?.ExampleSteps ?? 0));
        return (Math.Max(0, examples - refit), Math.Max(0, Settings.Refit ? trials - Tasks : trials));
    }

    /// <summary>The trainings of one side on every task in the final comparison that there is room for.</summary>
    /// <param name="available">What is left.</param>
    public double RunsFor((double Examples, double Trials) available) =>
        Math.Min(available.Examples / Math.Max(1, effort.Epoch(null) * Settings.FinalEpochs), available.Trials / Tasks - Untrained);

    private double RefitCost(double whole)
    {
        if (!Settings.Refit) return 0;
        var run = effort.EpochOfAllRows * Settings.FinalEpochs;
        return run * Math.Clamp(Math.Floor(LargestShareOfRefit * whole / run), 0, Settings.RefitRuns ?? 1) * (Settings.Limit.Time is null ? 1 : SlackOfRefit);
    }
}
