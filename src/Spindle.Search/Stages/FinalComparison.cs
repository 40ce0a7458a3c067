using Spindle.Designs.Plans;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>The comparison at the end of a search: the found design, each strategy of the space alone with an equal share in every layer, and the study's baselines, all with the
/// same seeds on the same tasks. With several learning rates or values of other settings, each side first finds its best ones, with the same number of trials for each side.</summary>
public sealed class FinalComparison
{
    /// <summary>The stage's name.</summary>
    public const string StageName = "Final";

    /// <summary>The name of the found design among the options.</summary>
    public const string Found = "found";

    /// <summary>The name of full fine-tuning among the options.</summary>
    public const string Full = BaselineNames.Full;

    private readonly SearchProblem problem;
    private readonly ComparisonPlan plan;
    private readonly IReadOnlyList<Side> baselines;
    private readonly RandomSearch random;
    private readonly SideRates rates;
    private readonly Finalists finalists;

    /// <summary>The comparison that a study asks for.</summary>
    /// <param name="problem">The problem.</param>
    public FinalComparison(SearchProblem problem)
        : this(problem, ComparisonPlan.Of(problem.Study))
    {
    }

    /// <summary>A comparison that a limit allows.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="plan">Seeds, epochs and rows.</param>
    internal FinalComparison(SearchProblem problem, ComparisonPlan plan)
    {
        (this.problem, this.plan) = (problem, plan);
        baselines = Baselines.List(problem);
        random = new(problem);
        rates = new(problem, plan.Epochs, plan.Rows);
        finalists = new(problem, plan.Seeds, plan.FinalEpochs) { TrainingRows = plan.Rows, NamesConditions = plan.Rows is not null || plan.FinalEpochs != problem.Study.Search.FinalEpochs };
    }

    /// <summary>The number of trials of a complete comparison without a search if every baseline fits the budget.</summary>
    public long MaximumTrials => MaximumTrialsAfter(0);

    /// <summary>The number of trials of a complete comparison after a search if every baseline fits the budget.</summary>
    /// <param name="searched">The most designs that the search trains for <see cref="SearchStudy.Epochs"/>, or that would cost the same.</param>
    public long MaximumTrialsAfter(long searched) =>
        (long)(baselines.Count + (random.IsNamed ? 2 : 1)) * TrialsOfSide + random.MaximumTrials(searched) + (problem.Study.Search.Refit ? problem.Tasks.Count : 0);

    /// <summary>The number of trials of one side.</summary>
    public int TrialsOfSide => (problem.Study.Search.FinalSeeds + Math.Max(rates.MostRecipes, problem.Study.LearningRates.Count)) * problem.Tasks.Count;

    /// <summary>The epochs of those trials.</summary>
    public long EpochsOfSide => ((long)problem.Study.Search.FinalSeeds * problem.Study.Search.FinalEpochs + (long)Math.Max(rates.MostRecipes, problem.Study.LearningRates.Count) * problem.Study.Epochs) * problem.Tasks.Count;

    /// <summary>The unfinished trials of the baselines. They depend on no decision of the search, so they can run at any time. A baseline that does not fit the budget has none.</summary>
    public IReadOnlyList<TrialSpec> WaitingBaselines(FinishedTrials finished) => Waiting(baselines, finished);

    /// <summary>The comparison after the search.</summary>
    /// <param name="found">The found design with its sizes, or null if only the baselines are compared.</param>
    /// <param name="given">The decisions that fixed it.</param>
    /// <param name="finished">The finished trials.</param>
    /// <param name="searched">The designs that the search has trained for <see cref="SearchStudy.Epochs"/>, or that would have cost the same: what <see cref="BaselineNames.Random"/> may cost.</param>
    /// <returns>The stages of the comparison, and its unfinished trials; none when it is over.</returns>
    public (IReadOnlyList<StageRecord> Stages, IReadOnlyList<TrialSpec> Waiting) Compare(TuningPlan.Sized? found, string given, FinishedTrials finished, long searched = 0)
    {
        var drawn = random.IsNamed ? random.Next(searched, finished) : default;
        Side[] sides =
        [
            .. found is null ? Array.Empty<Side>() : [new(Found, found.Design?.ToString() ?? "", OptionRole.Found, found) { Given = given }],
            .. baselines,
            .. drawn.Best is { } best ? [best.Side] : Array.Empty<Side>(),
        ];
        IReadOnlyList<TrialSpec> waiting = [.. drawn.Waiting ?? [], .. Waiting(sides, finished)];
        (Side Side, double? Rate)[] rated = [.. sides.Select(side => rates.Find(side, finished)).Select(found => (found.Side, found.Side.At(found.Rate)))];
        var isDecided = waiting.Count == 0;
        var final = new StageRecord(StageName, true, [.. rated.Select(side => finalists.Option(side.Side, side.Rate))], isDecided, !isDecided ? null : found is null ? finalists.Winner(rated, finished)?.Side.Name : Found)
        {
            IsFinalComparison = true,
            LeftOut = plan.LeftOut(problem.Study),
        };
        StageRecord[] stages = [.. random.IsNamed ? [drawn.Stage] : Array.Empty<StageRecord>(), .. rates.Record(sides, finished) is { } tried ? [tried] : Array.Empty<StageRecord>(), final];
        if (!isDecided || !plan.Refits || finalists.Winner(rated, finished) is not { } winner) return (stages, waiting);

        var refit = new RefitTrials(problem).Next(winner.Side, winner.Rate, plan.FinalEpochs, plan.RefitRuns, finished);
        return ([.. stages, refit.Stage], refit.Waiting);
    }

    // of a side without a rate the trials that find it, and otherwise those that compare it
    private IReadOnlyList<TrialSpec> Waiting(IReadOnlyList<Side> sides, FinishedTrials finished)
    {
        var trials = sides.Select(side => rates.Find(side, finished) is { IsDecided: true } found ? finalists.Trials(found.Side, found.Side.At(found.Rate)) : rates.Trials(side));
        // seed by seed, as far as the sides have come
        return [.. finished.Waiting(trials.SelectMany(all => all)).OrderBy(spec => spec.Key.Sample)];
    }
}
