using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>Finds the learning rate of each side: one training run for each rate and task, all with the same seeds.</summary>
/// <param name="problem">The problem. With fewer than two learning rates there is nothing to find.</param>
internal sealed class SideRates(SearchProblem problem)
{
    private const string StageName = "Rates";

    private bool Tries => problem.Study.LearningRates.Count > 1;

    /// <summary>The trials of a side; none if it has nothing to find.</summary>
    public IEnumerable<TrialSpec> Trials(Side side) => !Tries || side.IsUntrained || side.Plan is null ? [] : problem.Study.LearningRates.SelectMany(rate => Trials(side, rate));

    /// <summary>The rate with the best mean over tasks, of equal ones the lowest, or null for the study's; not decided until all trials of the side have finished.</summary>
    public (bool IsDecided, LearningRate? Rate) Find(Side side, FinishedTrials finished)
    {
        if (!Trials(side).Any()) return (true, null);
        LearningRate? best = null;
        var bestMean = double.NegativeInfinity;
        foreach (var rate in problem.Study.LearningRates)
        {
            Trial?[] trials = [.. Trials(side, rate).Select(spec => finished.Find(spec.Key))];
            if (trials.Contains(null)) return (false, null);
            var mean = trials.Average(PointsOf);
            if (best is null || mean > bestMean) (best, bestMean) = (rate, mean);
        }

        return (true, best);
    }

    /// <summary>The stage of the trials of some sides; null if there are none.</summary>
    public StageRecord? Record(IReadOnlyList<Side> sides, FinishedTrials finished)
    {
        if (!Tries) return null;
        var options = sides.SelectMany(side => problem.Study.LearningRates.Where(rate => Trials(side).Any()).Select(rate => (
            Option: new OptionRecord(Name(side, rate), side.Description, true, 1, 0, 0, null) { Role = side.Role, Given = side.Given, IsRequired = false },
            Trials: Trials(side, rate).Select(spec => finished.Find(spec.Key)).ToArray()))).ToArray();
        var isDecided = options.All(option => !option.Trials.Contains(null));
        return new(StageName, true, [.. options.Select(option => option.Option)], isDecided,
            isDecided ? options.MaxBy(option => option.Trials.Average(PointsOf)).Option?.Name : null);
    }

    private IEnumerable<TrialSpec> Trials(Side side, LearningRate rate) => problem.Tasks.Select(task => new TrialSpec(
        new(StageName, Name(side, rate), 0, task.Name, problem.Study.Epochs, DerivedSeed.Derive(problem.Study.Search.Seed, "rate", task.Name)) { Given = side.Given, LearningRate = side.At(rate) },
        side.Plan!));

    // a trial that could not be run has no score, so its rate comes last
    private static double PointsOf(Trial? trial) => trial!.Counts ? trial.Points : double.NegativeInfinity;

    private static string Name(Side side, LearningRate rate) => FormattableString.Invariant($"{side.Name} at {side.At(rate)}");
}
