using System.Collections.Concurrent;
using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Search.Studies;
using Spindle.Yaml;

namespace Spindle.Benchmarks.Recording.Replay;

/// <summary>The recorded candidates of one half, and the one that stands for a plan: the same one if it is recorded, else the most similar one at the same learning rate. Every score is one that was measured, and equal requests get
/// equal answers, so a search sees a landscape with fewer designs than the space has, and none that nobody trained.</summary>
internal sealed class ReplayTable
{
    /// <summary>The rows of each task that select where nothing else is asked for.</summary>
    public const int DefaultSelectionRows = 200;

    private readonly ScoredRows scored;
    private readonly ILookup<double, RecordedCandidate> byRate;
    private readonly ConcurrentDictionary<(TuningPlan.Sized Plan, double Rate), (RecordedCandidate, long)> found = [];

    /// <summary>Takes the candidates with all trials on the tasks of a half.</summary>
    /// <param name="recorded">The recorded trials.</param>
    /// <param name="rows">The expected answers of the scored rows.</param>
    /// <param name="half">The half, see <see cref="Halves"/>.</param>
    /// <param name="problem">The recorded problem, whose sizes designs have.</param>
    /// <param name="only">One of its tasks, or null for all.</param>
    /// <exception cref="InvalidDataException">Too little is recorded for a search.</exception>
    public ReplayTable(IEnumerable<RecordedTrial> recorded, ScoredRows rows, string half, SearchProblem problem, string? only = null)
    {
        Tasks = [.. RecordedStudy.Tasks.Where(task => Halves.Of(task) == half && (only ?? task) == task)];
        RecordedTrial[] trials = [.. recorded.Where(trial => Tasks.Contains(trial.Key.Task))];
        Seeds = [.. trials.Select(trial => trial.Key.Seed).Distinct().Order()];
        Rows = [.. trials.Select(trial => trial.Key.Rows).Distinct().Order()];
        Candidates =
        [
            .. trials.GroupBy(trial => trial.Key.Candidate).Where(same => same.Count() == Tasks.Count * Seeds.Count * Rows.Count).OrderBy(same => same.Key)
                .Select(same => new RecordedCandidate([.. same], RecordedCandidate.ParametersOf(PlanOf(same.First(), problem)))),
        ];
        byRate = Candidates.ToLookup(candidate => candidate.First.Rate);
        foreach (var rate in RecordedStudy.Rates)
            foreach (var strategy in problem.Space.Strategies)
                if (!byRate[rate].Any(candidate => candidate.First.Name == strategy))
                    throw new InvalidDataException(FormattableString.Invariant($"the {half} half has not every trial of '{strategy}' at {rate}, so no search can be replayed; record more"));
        scored = rows;
        BestPlain = Candidates.Where(candidate => candidate.First.Kind == "plain" && RecordedStudy.Rates.Contains(candidate.First.Rate)).MaxBy(candidate => candidate.Truth)!;
        Best = Candidates.Where(candidate => RecordedStudy.Rates.Contains(candidate.First.Rate)).MaxBy(candidate => candidate.Truth)!;
    }

    /// <summary>The tasks of the half.</summary>
    public IReadOnlyList<string> Tasks { get; }

    /// <summary>The recorded seeds.</summary>
    public IReadOnlyList<int> Seeds { get; }

    /// <summary>The recorded numbers of training rows, ascending.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The candidates.</summary>
    public IReadOnlyList<RecordedCandidate> Candidates { get; }

    /// <summary>The strategy alone that has the best score over all scored rows at a learning rate that a search may choose.</summary>
    public RecordedCandidate BestPlain { get; }

    /// <summary>The candidate that has the best score over all scored rows at such a rate.</summary>
    public RecordedCandidate Best { get; }

    /// <summary>The rows of each task that select.</summary>
    public int SelectionRows { get; init; } = DefaultSelectionRows;

    /// <summary>The rows of a search.</summary>
    /// <param name="seed">The seed of the search.</param>
    public RowDraw Draw(int seed) => new(Tasks, scored, SelectionRows, seed);

    /// <summary>The candidate that stands for a plan at a learning rate, and the parameters in which their plans differ.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rate">The learning rate.</param>
    public (RecordedCandidate Candidate, long Distance) Find(TuningPlan.Sized plan, double rate) => found.GetOrAdd((plan, rate), asked => Nearest(asked.Plan, asked.Rate));

    private (RecordedCandidate, long) Nearest(TuningPlan.Sized plan, double rate)
    {
        var parameters = RecordedCandidate.ParametersOf(plan);
        // the head alone is recorded at one rate, which changes nothing of it
        var candidates = plan.Layers.Count == 0 ? Candidates : byRate[rate];
        var nearest = candidates.Select(candidate => (Candidate: candidate, Distance: candidate.Distance(parameters))).MinBy(pair => pair.Distance);
        return nearest.Candidate is not null ? nearest : throw new InvalidDataException(FormattableString.Invariant($"nothing is recorded at the learning rate {rate}"));
    }

    private static TuningPlan.Sized PlanOf(RecordedTrial trial, SearchProblem problem) => trial.Design is { } text
        ? BudgetSolver.Solve(DesignYaml.Parse(text, trial.Name), problem.Budget, problem.Shape, problem.Costs).Require()
        : new TuningPlan.Sized(null, []);
}
