using Spindle.Benchmarks.Recording.Table;
using Spindle.Designs.Plans;

namespace Spindle.Benchmarks.Recording.Replay;

/// <summary>A candidate of which every trial on some tasks is recorded.</summary>
internal sealed class RecordedCandidate
{
    private readonly Dictionary<(string Task, int Seed, int Rows), RecordedTrial> trials;
    private readonly RecordedTrial[] longest;

    /// <summary>Collects the trials of a candidate.</summary>
    /// <param name="trials">Its trials.</param>
    /// <param name="parameters">What its plan trains, see <see cref="ParametersOf"/>.</param>
    public RecordedCandidate(IReadOnlyList<RecordedTrial> trials, IReadOnlyDictionary<(int Layer, string Strategy), long> parameters)
    {
        this.trials = trials.ToDictionary(trial => (trial.Key.Task, trial.Key.Seed, trial.Key.Rows));
        (First, Parameters) = (trials[0], parameters);
        var most = trials.Max(trial => trial.Key.Rows);
        longest = [.. trials.Where(trial => trial.Key.Rows == most)];
        Truth = longest.Average(trial => trial.Failure is null && trial.Scores.Count > 0 ? trial.Scores[^1] : 0);
    }

    /// <summary>One of the trials, for what they have in common.</summary>
    public RecordedTrial First { get; }

    /// <summary>The mean score on all scored rows over tasks and seeds, with the most training rows and after the last epoch.</summary>
    public double Truth { get; }

    /// <summary>What a search that chose this candidate is worth: the same on the rows that report.</summary>
    /// <param name="draw">The rows of the search.</param>
    public double Worth(RowDraw draw) => longest.Average(draw.Report);

    /// <summary>The trained parameters of each strategy in each layer.</summary>
    public IReadOnlyDictionary<(int Layer, string Strategy), long> Parameters { get; }

    /// <summary>One of its trials.</summary>
    public RecordedTrial Trial(string task, int seed, int rows) => trials[(task, seed, rows)];

    /// <summary>The trained parameters of each strategy in each layer of a plan.</summary>
    public static IReadOnlyDictionary<(int Layer, string Strategy), long> ParametersOf(TuningPlan.Sized plan) =>
        plan.Layers.SelectMany(layer => layer.Strategies.Select(strategy => (layer.Layer, strategy.Name, strategy.Parameters))).ToDictionary(one => (one.Layer, one.Name), one => one.Parameters);

    /// <summary>How different a plan is: the parameters that would have to move to another strategy or layer, from 0 for the same plan.</summary>
    /// <param name="other">What the plan trains.</param>
    public long Distance(IReadOnlyDictionary<(int Layer, string Strategy), long> other)
    {
        var moved = 0L;
        foreach (var (place, count) in Parameters) moved += Math.Abs(count - other.GetValueOrDefault(place));
        foreach (var (place, count) in other)
            if (!Parameters.ContainsKey(place)) moved += count;
        return moved / 2;
    }
}
