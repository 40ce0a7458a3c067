using System.Globalization;
using Spindle.Designs;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>Successive halving over epochs (Jamieson and Talwalkar, AISTATS 2016): many designs of the whole space are trained for a few epochs, and the better half advances
/// to a rung with twice as many epochs, until one design is left or the study's epochs are reached. A design of which no trial could be run does not advance.
/// <c>samples-per-option</c> is the number of designs that are drawn.</summary>
/// <param name="problem">The problem.</param>
public sealed class SuccessiveHalvingPolicy(SearchProblem problem) : ISearchPolicy
{
    /// <summary>The name in study files.</summary>
    public const string PolicyName = "successive-halving";

    private const int Reduction = 2;

    private readonly StagePlanner planner = new(problem);
    private readonly PlannedComparisons comparisons = new(problem);
    private readonly Lazy<string?> leftOut = new(() => LeftOutOf(problem));
    private readonly Lazy<OptionDesigns> candidates = new(() => StageSampler.Draw(problem, Stage.AnyDesign, DesignsOf(problem))[0]);

    private int Tasks => problem.Tasks.Count;

    private bool IsLimited => problem.Study.Search.Limit.IsLimited;

    private static string? LeftOutOf(SearchProblem problem) => DesignsOf(problem) is var designs && designs == problem.Study.Search.SamplesPerOption
        ? null
        : FormattableString.Invariant($"the limit of {problem.Study.Search.Limit} allows {designs} of {problem.Study.Search.SamplesPerOption} designs in the first rung");

    // the designs that all epochs of the study would train for as much as the rungs do
    private long Searched => Rungs().Sum(rung => (long)rung.Designs * rung.Epochs) / problem.Study.Epochs;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public long MaximumTrials => Math.Min(Rungs().Sum(rung => (long)rung.Designs) * Tasks + comparisons.Whole.MaximumTrialsAfter(Searched), problem.Study.Search.Limit.Trials ?? long.MaxValue);

    /// <inheritdoc/>
    public long? MaximumExamples => planner.MaximumExamples(CostOf(problem, candidates.Value.Designs.Count).Epochs);

    /// <inheritdoc/>
    public string? Outlook => leftOut.Value;

    /// <inheritdoc/>
    public void RequireFeasible()
    {
        if (IsLimited) planner.RequireEnough(designs => CostOf(problem, designs));
        StageRecord.Of(Stage.AnyDesign, [candidates.Value], "").RequireFeasible(problem);
    }

    /// <inheritdoc/>
    public PolicyStep Next(FinishedTrials finished)
    {
        if (!candidates.Value.IsFeasible) return new([StageRecord.Of(Stage.AnyDesign, [candidates.Value], "")], [], false);
        var (stages, spent) = (new List<StageRecord>(), new List<Trial>());
        IReadOnlyList<SampledDesign> remaining = candidates.Value.Designs;
        foreach (var (index, (_, designs, epochs)) in Rungs().Index())
        {
            var trials = Rung(index, [.. remaining.Take(designs)], epochs);
            var waiting = trials.Waiting(finished);
            if (waiting.Count > 0)
            {
                stages.Add(trials.Record with { LeftOut = index == 0 ? leftOut.Value : null });
                return Step(stages, waiting, index, finished);
            }

            var ended = trials.Specs.ToLookup(spec => spec.Key.Option, spec => finished.Find(spec.Key)!, StringComparer.Ordinal);
            SampledDesign[] ran = [.. remaining.Take(designs).Where(design => ended[OptionName(design)].All(trial => trial.Counts))];
            if (ran.Length == 0) ran = [.. remaining.Take(designs)];
            stages.Add(trials.Record with { IsDecided = true, Chosen = trials.Best(finished), LeftOut = index == 0 ? leftOut.Value : null });
            spent.AddRange(trials.Specs.Select(spec => finished.Find(spec.Key)!));
            // a stable sort: of equally good designs, the one drawn first advances
            remaining = [.. ran.OrderByDescending(design => ended[OptionName(design)].Average(trial => trial.Points))];
        }

        var found = remaining[0];
        var (last, trialsLeft) = comparisons.Of(planner.Comparison(spent)).Compare(found.Plan, OptionName(found), finished, Searched);
        return new([.. stages, .. last], trialsLeft, trialsLeft.Count == 0);
    }

    private PolicyStep Step(IReadOnlyList<StageRecord> stages, IEnumerable<TrialSpec> waiting, int index, FinishedTrials finished)
    {
        var later = Rungs().Skip(index + 1).ToArray();
        // what baselines may cost is known when the rungs have ended
        return new(stages, IsLimited ? [.. waiting] : [.. waiting, .. comparisons.Whole.WaitingBaselines(finished)], false)
        {
            Rungs = index + 1 + later.Length,
            Decision = later.Length > 0
                ? FormattableString.Invariant($"{later[0].Designs} of {stages[^1].Options.Count} designs enter the next rung")
                : FormattableString.Invariant($"the best of {stages[^1].Options.Count} designs enters the final comparison"),
            TrialsToCome = later.Sum(rung => rung.Designs) * Tasks + comparisons.Whole.TrialsOfSide,
            EpochsToCome = later.Sum(rung => (long)rung.Designs * rung.Epochs) * Tasks + comparisons.Whole.EpochsOfSide,
        };
    }

    private StageTrials Rung(int index, IReadOnlyList<SampledDesign> designs, int epochs)
    {
        var options = designs.Select(design => new OptionDesigns(
            new(OptionName(design), DesignConstraints.None, design.Plan.Design?.ToString() ?? ""), [problem.SharesDraws ? design with { Sample = 0 } : design], 0, 0, null)).ToArray();
        var stage = new Stage(string.Create(CultureInfo.InvariantCulture, $"rung {index + 1}"), [.. options.Select(option => option.Option)], true);
        // a study that grows may give a rung other epochs; its earlier trials must not be counted with the new ones
        return new(problem, stage, options, string.Create(CultureInfo.InvariantCulture, $"{epochs} epochs"), epochs, isRequired: false);
    }

    private IEnumerable<(int Rung, int Designs, int Epochs)> Rungs() => Rungs(candidates.Value.Designs.Count, problem.Study.Epochs);

    // the designs that are drawn: fewer than the study asks for where a limit allows fewer
    private static int DesignsOf(SearchProblem problem) =>
        problem.Study.Search.Limit.IsLimited ? new StagePlanner(problem).Designs(designs => CostOf(problem, designs)) : problem.Study.Search.SamplesPerOption;

    private static (double Epochs, double Trials) CostOf(SearchProblem problem, int designs) =>
        Rungs(designs, problem.Study.Epochs).Aggregate((Epochs: 0.0, Trials: 0.0), (sum, rung) => (sum.Epochs + ((double)rung.Designs * rung.Epochs), sum.Trials + rung.Designs));

    private static IEnumerable<(int Rung, int Designs, int Epochs)> Rungs(int designs, int epochs)
    {
        var rungs = 1 + (int)Math.Min(Math.Ceiling(Math.Log2(Math.Max(1, designs))), Math.Floor(Math.Log2(epochs)));
        for (var rung = 0; rung < rungs; rung++)
        {
            yield return (rung, designs, Math.Max(1, epochs >> (rungs - 1 - rung)));
            designs = (designs + Reduction - 1) / Reduction;
        }
    }

    private static string OptionName(SampledDesign design) => string.Create(CultureInfo.InvariantCulture, $"design {design.Sample + 1}");
}
