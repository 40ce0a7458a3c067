using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Search.WarmStarts;

namespace Spindle.Search.Policies;

/// <summary>Everything at once: each strategy alone, the baselines and sampled designs, each at every learning rate and with every value of other listed settings, compete in rungs. Each rung trains the better part of the one before
/// for longer (successive halving, Jamieson and Talwalkar, AISTATS 2016) and selects on another split. Which part is better is what a model of all rungs expects (<see cref="Surrogates.Surrogate"/>), and designs that it
/// expects more of take a share of the places. The best sides are then compared over seeds, and the winner may be trained again on all rows.
/// A limit decides how many contenders, rows, epochs and seeds there are; it is divided again at the end of each rung, by the speed of the trials so far.</summary>
/// <param name="problem">The problem.</param>
public sealed class JointPolicy(SearchProblem problem) : ISearchPolicy
{
    /// <summary>The name in study files.</summary>
    public const string PolicyName = "joint";

    // with fewer, the comparison itself is a better use of them
    private const int FewestRunsForSecondRung = 8;

    // with fewer rows, fewer contenders are better
    private const int FewestRowsOfSeveral = 1024;

    // of what is left when they begin
    private const double ShareOfFirstRung = 0.4;
    private const double ShareOfSecondRung = 0.5;

    // of the places of a later rung
    private const int PlacesPerProposal = 4;

    private readonly SideRecipes recipes = new(problem);
    private readonly Effort effort = new(problem);
    private readonly IReadOnlyList<Side> baselines = Baselines.List(problem);
    private readonly RandomSearch random = new(problem);
    private readonly JointLimit limit = new(problem);
    private readonly JointComparison comparison = new(problem);
    private readonly RungRanking ranking = new(problem);

    private readonly JointText text = new(problem);

    private OptionDesigns? sampled;
    private IReadOnlyList<Side>? designs;

    private OptionDesigns Sampled => sampled ??= GuidedDraws.Take(problem, ranking.Earlier);

    private int Tasks => problem.Tasks.Count;

    private int Budgets => 1 + problem.Study.SmallerBudgets.Count;

    private SearchSettings Settings => problem.Study.Search;

    private bool IsLimited => Settings.Limit.IsLimited;

    // a strategy alone or a sampled design; the head and full fine-tuning have no budget
    private bool FitsBudget => baselines.Any(side => side.Plan is TuningPlan.Sized { Design: not null }) || Sampled.IsFeasible;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public long MaximumTrials
    {
        get
        {
            long contenders = (baselines.Count + Settings.SamplesPerOption) * (long)recipes.All.Count * Budgets;
            // the rungs after the first together have at most as many again, and one each for rounding
            var trials = (2 * contenders + 32 + (long)(baselines.Count + JointComparison.MostFinalists + Budgets) * Settings.FinalSeeds + 2) * Tasks;
            if (random.IsNamed) trials += random.MaximumTrials((2 * contenders + 32) * (long)recipes.LargestEpochFactor) + ((long)Settings.FinalSeeds * Tasks);
            return Math.Min(trials, Settings.Limit.Trials ?? long.MaxValue);
        }
    }

    /// <inheritdoc/>
    public long? MaximumExamples
    {
        get
        {
            double passes = 0;
            var (contenders, epochs) = ((Trainable(baselines).Count() + Settings.SamplesPerOption) * (double)recipes.All.Count * Budgets, 1);
            while (true)
            {
                passes += contenders * epochs;
                if (contenders <= 2 || epochs == problem.Study.Epochs) break;
                (contenders, epochs) = (Math.Ceiling(contenders / 2), Math.Min(2 * epochs, problem.Study.Epochs));
            }

            if (random.IsNamed) passes += random.MaximumTrials((long)(passes / problem.Study.Epochs)) / (double)Tasks * problem.Study.Epochs + ((double)Settings.FinalSeeds * Settings.FinalEpochs);
            passes += (Trainable(baselines).Count() + Budgets) * (double)Settings.FinalSeeds * Settings.FinalEpochs;
            var refit = Settings.Refit ? effort.EpochOfAllRows * Settings.FinalEpochs * (Settings.RefitRuns ?? 1) : 0;
            return (long)Math.Min((passes * effort.Epoch(null)) + refit, Settings.Limit.Examples ?? double.MaxValue);
        }
    }

    /// <inheritdoc/>
    public string? Outlook
    {
        get
        {
            if (!IsLimited || !FitsBudget) return null;
            if (Settings.Limit.Time is not null) return text.NotMeasured;
            var all = Contenders(Sides(Designs.Count), recipes.All);
            var (chosen, _, rows) = First(all, limit.Available([]));
            return text.Allowed(all.Count, chosen.Count, rows);
        }
    }

    /// <inheritdoc/>
    public void RequireFeasible()
    {
        if (!FitsBudget) StageRecord.Of(Stage.AnyDesign, [Sampled], "").RequireFeasible(problem);
        RequireEnough();
    }

    /// <inheritdoc/>
    public PolicyStep Next(FinishedTrials finished)
    {
        if (!FitsBudget) return new([StageRecord.Of(Stage.AnyDesign, [Sampled], "")], [], false);
        var (stages, spent) = (new List<StageRecord>(), new List<Trial>());
        var ranked = Contenders(Sides(Designs.Count), recipes.All);
        // with the study's own values
        var preferred = ranked.FirstOrDefault(contender => contender.Side.Name == Settings.Prefer);
        var rungs = new List<Rung>();
        foreach (var next in Rungs(ranked, rungs, spent, finished))
        {
            rungs.Add(next.Rung);
            var order = ranking.Order(rungs, finished);
            stages.Add(next.Rung.Record(order?[0], next.LeftOut) with { Earlier = ranking.Correlations(rungs, finished) });
            if (order is null) return Step(stages, next.Rung.Trials, finished) with { Outlook = next.Outlook, Decision = next.Decision, Rungs = next.Rungs };
            // whoever left in an earlier rung comes after
            ranked = [.. order, .. ranked.Except(order)];
        }

        if (random.IsNamed)
        {
            // at what the rungs cost: each random design at a random recipe
            var drawn = random.Next(Searched(spent), finished, RandomRecipe);
            stages.Add(drawn.Stage);
            if (drawn.Waiting.Count > 0) return Step(stages, drawn.Waiting, finished);
            if (drawn.Best is { Side.Plan: not null } best) ranked = [.. ranked, new(best.Side, best.Rate)];
        }

        return comparison.Next([.. ranked.Where(contender => contender == preferred || contender.Side.Name != preferred?.Side.Name)], stages, spent, finished);
    }

    // a rung and a comparison of one side with as few rows as can be
    private void RequireEnough()
    {
        var trials = Tasks * ((Settings.Limit.Time is null ? 2 : 3) + limit.Untrained + (Settings.Refit ? 1 : 0));
        var examples = 2 * effort.Epoch(JointLimit.FewestRows);
        if (Settings.Limit.Trials < trials || Settings.Limit.Examples < examples)
            throw new InvalidDataException(FormattableString.Invariant(
                $"study {problem.Study.Name}: the limit of {Settings.Limit} is too low for policy '{PolicyName}', which needs at least {trials} trials and {Math.Ceiling(examples)} examples; raise it"));
    }

    // the designs that all epochs of the study would train for as much as the rungs did
    private long Searched(IEnumerable<Trial> spent) => spent.Sum(trial => (long)trial.Spec.Key.Epochs) / ((long)problem.Study.Epochs * Tasks);

    private (Side Side, LearningRate? Rate) RandomRecipe(Side side)
    {
        var drawn = new Random(DerivedSeed.Derive(Settings.Seed, "random recipe", side.Given)).Next(recipes.All.Count);
        // a recipe with whose options the design does not fit the budget is replaced by the next
        return recipes.Of(side, recipes.All.Skip(drawn).Concat(recipes.All.Take(drawn))).First();
    }

    // one rung after the other; the conditions of each depend on the finished trials of those before
    private IEnumerable<PlannedRung> Rungs(IReadOnlyList<Contender> all, IReadOnlyList<Rung> rungs, List<Trial> spent, FinishedTrials finished)
    {
        var index = 0;
        if (Settings.Limit.Time is not null)
        {
            var calibration = new Rung(problem, index++, [all[0]], 1, FewestRowsOfSeveral);
            yield return new(calibration, "the speed is measured, which decides how many candidates start");
            Pay(calibration);
        }

        var (contenders, epochs, rows) = First(all, limit.Available(spent));
        var first = new Rung(problem, index++, contenders, epochs, rows);
        yield return Planned(first) with { LeftOut = text.LeftOut(all.Count, contenders.Count, rows), Outlook = Settings.Limit.Time is null ? null : text.Outlook(all.Count, contenders.Count, epochs, rows, spent) };
        Pay(first);

        while (contenders.Count > 2 * Budgets && !(IsLimited && limit.RunsFor(limit.Available(spent)) < FewestRunsForSecondRung))
        {
            var better = ranking.Order(rungs, finished)!;
            var (next, nextEpochs, nextRows) = IsLimited
                ? Second(better, limit.Available(spent))
                : (Best(better, (better.Count + 1) / 2), Math.Min(2 * epochs, problem.Study.Epochs), null);
            var proposed = ranking.Propose(rungs, better, next.Count / PlacesPerProposal, finished);
            next = [.. Best(next, next.Count - proposed.Count), .. proposed];
            // longer is what makes a rung worth its cost
            if (nextEpochs * effort.Epoch(nextRows) <= epochs * effort.Epoch(rows)) yield break;
            (contenders, epochs, rows) = (next, nextEpochs, nextRows);
            var rung = new Rung(problem, index++, contenders, epochs, rows);
            yield return Planned(rung, isLast: IsLimited);
            Pay(rung);
            if (IsLimited) yield break;
        }

        PlannedRung Planned(Rung rung, bool isLast = false)
        {
            var later = isLast ? [] : Later(contenders, epochs, rows, limit.Available(spent)).ToArray();
            return new(rung, JointText.Decision(contenders.Count, later.Length > 0 ? later[0] : null, PlacesPerProposal)) { Rungs = index + later.Length };
        }

        void Pay(Rung rung) => spent.AddRange(rung.Trials.Select(spec => finished.Find(spec.Key)).OfType<Trial>());
    }

    private (IReadOnlyList<Contender> Contenders, int Epochs, int? Rows) First(IReadOnlyList<Contender> all, (double Examples, double Trials) available)
    {
        if (!IsLimited) return (all, 1, null);
        var share = ShareOfFirstRung * available.Examples;
        var most = (int)Math.Clamp(Math.Min(share / Math.Max(1, effort.Epoch(FewestRowsOfSeveral)), ShareOfFirstRung * available.Trials / Tasks), 1, all.Count);
        var chosen = all;
        if (most < all.Count)
        {
            // every side gets the same number of recipes: fewer sampled designs first, then fewer recipes
            var plain = Sides(0).Count;
            var tried = Math.Clamp(most / Math.Max(1, plain), 1, recipes.All.Count);
            var samples = Math.Max(0, most / tried - plain) / Budgets;
            chosen = [.. Contenders(Sides(samples), [.. recipes.All.Take(tried)]).Take(most)];
        }

        var each = share / chosen.Count;
        var rows = effort.RowsFor(each, JointLimit.FewestRows);
        return (chosen, rows is null ? (int)Math.Clamp(each / Math.Max(1, effort.Epoch(null)), 1, Math.Max(1, problem.Study.Epochs - 1)) : 1, rows);
    }

    // the expected numbers of contenders of the rungs that follow one, for display: what is left is known once it has ended
    private IEnumerable<int> Later(IReadOnlyList<Contender> contenders, int epochs, int? rows, (double Examples, double Trials) available)
    {
        if (IsLimited)
        {
            (double Examples, double Trials) left = (Math.Max(0, available.Examples - (contenders.Count * epochs * effort.Epoch(rows))), Math.Max(0, available.Trials - ((double)contenders.Count * Tasks)));
            if (contenders.Count <= 2 * Budgets || limit.RunsFor(left) < FewestRunsForSecondRung) yield break;
            var (next, nextEpochs, nextRows) = Second(contenders, left);
            if (nextEpochs * effort.Epoch(nextRows) > epochs * effort.Epoch(rows)) yield return next.Count;
            yield break;
        }

        for (var count = contenders.Count; count > 2 * Budgets && epochs < problem.Study.Epochs; epochs *= 2) yield return count = (count + 1) / 2;
    }

    private (IReadOnlyList<Contender> Contenders, int Epochs, int? Rows) Second(IReadOnlyList<Contender> ranked, (double Examples, double Trials) available)
    {
        var share = ShareOfSecondRung * available.Examples;
        var epoch = Math.Max(1, effort.Epoch(null));
        var epochs = Math.Min(2, problem.Study.Epochs);
        var count = Math.Clamp((ranked.Count + 2) / 3, 2, 8);
        count = (int)Math.Clamp(Math.Min(count, ShareOfSecondRung * available.Trials / Tasks), 1, ranked.Count);
        while (count > 2 && count * epoch * epochs > share) count--;
        if (count * epoch * epochs > share) epochs = 1;
        else epochs = (int)Math.Clamp(share / (count * epoch), epochs, problem.Study.Epochs);
        return (Best(ranked, count), epochs, effort.RowsFor(share / (count * epochs), JointLimit.FewestRows));
    }

    // the best contenders of each budget in turn, so that none disappears because a larger one scores a little better; in the order of all
    private static IReadOnlyList<Contender> Best(IReadOnlyList<Contender> ranked, int count)
    {
        var chosen = ranked.GroupBy(contender => contender.Side.Budget).SelectMany(budget => budget.Index()).OrderBy(contender => contender.Index).Take(count).Select(contender => contender.Item).ToHashSet();
        return [.. ranked.Where(chosen.Contains)];
    }

    // the baselines and the first samples, at every budget
    private IReadOnlyList<Side> Sides(int samples)
    {
        Side[] own = [.. Trainable(baselines), .. Designs.Take(samples)];
        return [.. own, .. SmallerBudgets.List(problem, own)];
    }

    private static IEnumerable<Side> Trainable(IEnumerable<Side> sides) => sides.Where(side => side is { Plan: not null, IsUntrained: false });

    // designs may differ in name only, such as in how they would share a budget that their strategy does not use
    private IReadOnlyList<Side> Designs => designs ??= [.. Sampled.Designs.Where(design => !baselines.Any(side => TrainsTheSame(side.Plan, design.Plan))).Select(design =>
        new Side(FormattableString.Invariant($"design {design.Sample + 1}"), design.Plan.Design?.ToString() ?? "", OptionRole.Found, design.Plan) { Sample = design.Sample })];

    private static bool TrainsTheSame(TuningPlan? plan, TuningPlan.Sized other) => plan is TuningPlan.Sized sized && (sized with { Design = null }).Equals(other with { Design = null });

    // recipe by recipe, so that the first contenders are every side with the study's own values
    private IReadOnlyList<Contender> Contenders(IReadOnlyList<Side> sides, IReadOnlyList<Recipe> tried) =>
    [
        .. tried.SelectMany(recipe => sides.SelectMany(side => recipes.Of(side, [recipe])))
            .Select(side => new Contender(side.Side, recipes.IsTheSameAtEveryRate(side.Side) ? recipes.All[0].Rate : side.Rate))
            .DistinctBy(contender => (contender.Side.Name, contender.Side.Settings, contender.Rate)),
    ];

    private static PolicyStep Step(IReadOnlyList<StageRecord> stages, IEnumerable<TrialSpec> trials, FinishedTrials finished) =>
        new(stages, finished.Waiting(trials), false);

    // a rung and what it decides
    private sealed record PlannedRung(Rung Rung, string? Decision)
    {
        public string? LeftOut { get; init; }

        public string? Outlook { get; init; }

        public int? Rungs { get; init; }
    }
}
