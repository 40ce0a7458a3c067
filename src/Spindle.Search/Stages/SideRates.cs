using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>Finds the recipe of each side, its learning rate and the values of other settings that the study lists: one training run for each recipe and task, all with the same seeds.</summary>
/// <param name="problem">The problem. With a single recipe there is nothing to find.</param>
/// <param name="epochs">Passes over the training rows.</param>
/// <param name="rows">The number of training rows, or null for all.</param>
internal sealed class SideRates(SearchProblem problem, int epochs, int? rows)
{
    private const string StageName = "Rates";

    private readonly SideRecipes recipes = new(problem);

    /// <summary>The most recipes of a side; 0 if there is nothing to find.</summary>
    public int MostRecipes => recipes.HaveChoice ? recipes.All.Count : 0;

    /// <summary>The trials of a side; none if it has nothing to find.</summary>
    public IEnumerable<TrialSpec> Trials(Side side) => Tried(side).SelectMany(tried => Trials(tried.Side, tried.Rate));

    /// <summary>The side with the recipe with the best mean over tasks, of equal ones the first with the lowest rate, or the side itself where there is nothing to find;
    /// not decided until all its trials have finished.</summary>
    public (bool IsDecided, Side Side, LearningRate? Rate) Find(Side side, FinishedTrials finished)
    {
        (Side Side, LearningRate? Rate)? best = null;
        var bestMean = double.NegativeInfinity;
        foreach (var tried in Tried(side))
        {
            Trial?[] trials = [.. Trials(tried.Side, tried.Rate).Select(spec => finished.Find(spec.Key))];
            if (trials.Contains(null)) return (false, side, null);
            var mean = trials.Average(PointsOf);
            if (best is null || mean > bestMean) (best, bestMean) = (tried, mean);
        }

        return best is { } found ? (true, found.Side, found.Rate) : (true, side, null);
    }

    /// <summary>The stage of the trials of some sides; null if there are none.</summary>
    public StageRecord? Record(IReadOnlyList<Side> sides, FinishedTrials finished)
    {
        if (!recipes.HaveChoice) return null;
        var options = sides.SelectMany(Tried).Select(tried => (
            Option: new OptionRecord(Name(tried.Side, tried.Rate), tried.Side.Description, true, 1, 0, 0, null) { Role = tried.Side.Role, Given = GivenOf(tried.Side), IsRequired = false },
            Trials: Trials(tried.Side, tried.Rate).Select(spec => finished.Find(spec.Key)).ToArray())).ToArray();
        var isDecided = options.All(option => !option.Trials.Contains(null));
        return new(StageName, true, [.. options.Select(option => option.Option)], isDecided,
            isDecided ? options.MaxBy(option => option.Trials.Average(PointsOf)).Option?.Name : null);
    }

    private IEnumerable<(Side Side, LearningRate? Rate)> Tried(Side side) => !recipes.HaveChoice || side.IsUntrained || side.Plan is null
        ? []
        : recipes.Of(side, recipes.All).OrderBy(tried => tried.Rate?.OfStrategies).DistinctBy(tried => (tried.Side.Settings, recipes.IsTheSameAtEveryRate(side) ? null : tried.Rate));

    private IEnumerable<TrialSpec> Trials(Side side, LearningRate? rate) => problem.Tasks.Select(task => new TrialSpec(
        new(StageName, Name(side, rate), 0, task.Name, side.EpochsOf(epochs), DerivedSeed.Derive(problem.Study.Search.Seed, "rate", task.Name))
        {
            Given = GivenOf(side),
            TrainingRows = rows,
            LearningRate = side.At(rate),
            Settings = side.Settings,
        },
        side.Plan!));

    private string GivenOf(Side side) => SideOptions.Given(side.Given, null, epochs: epochs == problem.Study.Epochs ? null : epochs, rows: rows);

    // a trial that could not be run has no score, so its recipe comes last
    private static double PointsOf(Trial? trial) => trial!.Counts ? trial.Points : double.NegativeInfinity;

    private static string Name(Side side, LearningRate? rate) => SideOptions.Name(side, side.At(rate));
}
