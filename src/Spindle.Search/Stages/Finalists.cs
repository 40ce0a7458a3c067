using System.Globalization;
using Spindle.Metrics.Comparisons;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>Sides with their learning rates, all trained with the same seeds on the same tasks.</summary>
/// <param name="problem">The problem.</param>
/// <param name="seeds">The number of seeds, at least 1.</param>
/// <param name="epochs">Passes over the training rows.</param>
internal sealed class Finalists(SearchProblem problem, int seeds, int epochs)
{
    // below every trial that a decision waits for: baselines only fill idle workers
    private const int BaselinePriority = 1;

    /// <summary>The number of training rows, or null for all.</summary>
    public int? TrainingRows { get; init; }

    /// <summary>Whether the conditions are part of what is given, because a policy may choose others.</summary>
    public bool NamesConditions { get; init; }

    /// <summary>The trials of a side, seed by seed. A side that does not fit the budget has none.</summary>
    public IEnumerable<TrialSpec> Trials(Side side, double? rate) => Enumerable.Range(0, seeds).SelectMany(seed => Trials(side, rate, seed));

    /// <summary>The option of a side.</summary>
    public OptionRecord Option(Side side, double? rate) =>
        new(side.Name, side.Description, true, side.Plan is null ? 0 : seeds, side.Reason is null ? 0 : 1, 0, side.Reason)
        {
            Role = side.Role,
            Given = Given(side, rate),
            // without a baseline, the other results are still useful
            IsRequired = side.Role == OptionRole.Found,
        };

    /// <summary>The side within the budget with the best mean over seeds and tasks, of equal ones that with the fewest trained parameters, or the preferred one unless the best leads it
    /// significantly (the 95% interval of their paired difference is above zero) or it scores below the model without training; null until all have finished.</summary>
    public (Side Side, double? Rate)? Winner(IEnumerable<(Side Side, double? Rate)> sides, FinishedTrials finished)
    {
        var scored = sides
            .Where(side => side.Side is { Plan: not null, Role: not OptionRole.FullFineTuning })
            .Select(side => (side.Side, side.Rate, Samples: OptionScore.SampleMeans(Finished(side.Side, side.Rate, finished), problem.Tasks.Count)))
            .Where(side => side.Samples.Count > 0)
            .OrderByDescending(side => side.Samples.Values.Average()).ThenBy(side => side.Side.Plan!.Trained)
            .ToArray();
        if (scored.Length == 0) return null;
        var best = scored[0];
        var preferred = Array.Find(scored, side => side.Side.Name == problem.Study.Search.Prefer);
        // what is known of a strategy from elsewhere says nothing where its training does not even reach the model without it
        if (preferred.Side is not null && !scored.Any(side => side.Side.IsUntrained && side.Samples.Values.Average() > preferred.Samples.Values.Average()) && !LeadsBeyondChance(best.Samples, preferred.Samples))
            best = preferred;
        return (best.Side, best.Rate);
    }

    // one pair, or a lead that is the same with every seed, says nothing about chance
    private static bool LeadsBeyondChance(IReadOnlyDictionary<int, double> best, IReadOnlyDictionary<int, double> preferred)
    {
        int[] both = [.. best.Keys.Intersect(preferred.Keys)];
        return both.Length > 0 && SideDifference.Paired([new PairedTaskScores([.. both.Select(sample => best[sample])], [.. both.Select(sample => preferred[sample])])]).Lower > 0;
    }

    private Trial[] Finished(Side side, double? rate, FinishedTrials finished) => [.. Trials(side, rate).Select(spec => finished.Find(spec.Key)).OfType<Trial>()];

    private IEnumerable<TrialSpec> Trials(Side side, double? rate, int sample) => side.Plan is not { } plan ? [] : problem.Tasks.Select(task =>
    {
        // the same seeds for every side, so that scores can be paired
        var seed = DerivedSeed.Derive(problem.Study.Search.Seed, "final", sample.ToString(CultureInfo.InvariantCulture), task.Name);
        var key = new TrialKey(FinalComparison.StageName, side.Name, sample, task.Name, side.EpochsOf(epochs), seed)
        {
            Given = Given(side, rate),
            LearningRate = rate,
            Settings = side.Settings,
            TrainingRows = TrainingRows,
            Split = sample % problem.SelectionSplits,
        };
        return new TrialSpec(key, plan)
        {
            // any side within the budget may win
            KeepsWeights = side.Role != OptionRole.FullFineTuning,
            KeepsPredictions = true,
            Priority = side.Role == OptionRole.Found ? 0 : BaselinePriority,
        };
    });

    private string Given(Side side, double? rate) => NamesConditions ? SideOptions.Given(side.Given, rate, side.Settings, epochs, TrainingRows) : SideOptions.Given(side.Given, rate, side.Settings);
}
