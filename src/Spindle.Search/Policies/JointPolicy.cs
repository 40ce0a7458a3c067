using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>Everything at once: each strategy alone, the baselines and sampled designs, each at every learning rate and with every value of other listed settings, compete in rungs. Each rung trains the better part of the one before
/// for longer (successive halving, Jamieson and Talwalkar, AISTATS 2016) and selects on another split. The best sides are then compared over seeds, and the winner may be trained again on all rows.
/// A limit decides how many contenders, rows, epochs and seeds there are; it is divided again at the end of each rung, by the speed of the trials so far.</summary>
/// <param name="problem">The problem.</param>
public sealed class JointPolicy(SearchProblem problem) : ISearchPolicy
{
    /// <summary>The name in study files.</summary>
    public const string PolicyName = "joint";

    private const int MostFinalists = 4;
    // with fewer, the comparison itself is a better use of them
    private const int FewestRunsForSecondRung = 8;

    private const int FewestRows = 1024;

    // one for the speed, one in a rung, two sides and the untrained one in the comparison, and the last training
    private const int FewestTrials = 6;

    // of what is left when they begin
    private const double ShareOfFirstRung = 0.4;
    private const double ShareOfSecondRung = 0.5;
    private const double LargestShareOfRefit = 0.35;

    // what is set aside for the last training: a machine may be busier then
    private const double SlackOfRefit = 1.3;

    private readonly SideRecipes recipes = new(problem);
    private readonly Effort effort = new(problem);
    private readonly IReadOnlyList<Side> baselines = Baselines.List(problem);
    private readonly Lazy<OptionDesigns> sampled = new(() => StageSampler.Draw(problem, Stage.AnyDesign, problem.Study.Search.SamplesPerOption)[0]);

    private readonly RandomSearch random = new(problem);

    private IReadOnlyList<Side>? designs;

    private int Tasks => problem.Tasks.Count;

    private SearchSettings Settings => problem.Study.Search;

    private bool IsLimited => Settings.Limit.IsLimited;

    // a strategy alone or a sampled design; the head and full fine-tuning have no budget
    private bool FitsBudget => baselines.Any(side => side.Plan is TuningPlan.Sized { Design: not null }) || sampled.Value.IsFeasible;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public long MaximumTrials
    {
        get
        {
            long contenders = (baselines.Count + Settings.SamplesPerOption) * (long)recipes.All.Count;
            // the rungs after the first together have at most as many again, and one each for rounding
            var trials = (2 * contenders + 32 + (long)(baselines.Count + MostFinalists) * Settings.FinalSeeds + 2) * Tasks;
            if (random.IsNamed) trials += random.MaximumTrials((2 * contenders + 32) * (long)recipes.LargestEpochFactor) + ((long)Settings.FinalSeeds * Tasks);
            return Settings.Limit.Trials is { } most ? Math.Min(trials, Math.Max(most, FewestTrials * Tasks)) : trials;
        }
    }

    /// <inheritdoc/>
    public string? Outlook
    {
        get
        {
            // the speed is measured first
            if (!IsLimited || Settings.Limit.Time is not null || !FitsBudget) return null;
            var all = Contenders([.. Trainable(baselines), .. Designs], recipes.All);
            var (chosen, _, rows) = First(all, Available([]));
            return LeftOut(all, chosen, rows) is null ? null : FormattableString.Invariant(
                $"the limit of {Settings.Limit} allows {chosen.Count} of {all.Count} combinations of a side with learning rates and other settings, and {(rows is { } number ? FormattableString.Invariant($"{number}") : "all")} training rows, in the first rung");
        }
    }

    /// <inheritdoc/>
    public void RequireFeasible()
    {
        if (!FitsBudget) StageRecord.Of(Stage.AnyDesign, [sampled.Value], "").RequireFeasible(problem);
    }

    /// <inheritdoc/>
    public PolicyStep Next(FinishedTrials finished)
    {
        if (!FitsBudget) return new([StageRecord.Of(Stage.AnyDesign, [sampled.Value], "")], [], false);
        var (stages, spent) = (new List<StageRecord>(), new List<Trial>());
        var ranked = Contenders([.. Trainable(baselines), .. Designs], recipes.All);
        // with the study's own values
        var preferred = ranked.FirstOrDefault(contender => contender.Side.Name == Settings.Prefer);
        foreach (var (rung, leftOut) in Rungs(ranked, spent, finished))
        {
            stages.Add(rung.Record(finished, leftOut));
            if (rung.Ranked(finished) is not { } order) return Step(stages, rung.Trials, finished);
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

        return Compare([.. ranked.Where(contender => contender == preferred || contender.Side.Name != preferred?.Side.Name)], stages, spent, finished);
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
    private IEnumerable<(Rung Rung, string? LeftOut)> Rungs(IReadOnlyList<Contender> all, List<Trial> spent, FinishedTrials finished)
    {
        var index = 0;
        if (Settings.Limit.Time is not null)
        {
            var calibration = new Rung(problem, index++, [all[0]], 1, FewestRows);
            yield return (calibration, null);
            Pay(calibration);
        }

        var (contenders, epochs, rows) = First(all, Available(spent));
        var first = new Rung(problem, index++, contenders, epochs, rows);
        yield return (first, LeftOut(all, contenders, rows));
        Pay(first);

        while (contenders.Count > 2 && !(IsLimited && RunsFor(Available(spent)) < FewestRunsForSecondRung))
        {
            var better = first.Ranked(finished)!;
            var (next, nextEpochs, nextRows) = IsLimited
                ? Second(better, Available(spent))
                : ([.. better.Take((better.Count + 1) / 2)], Math.Min(2 * epochs, problem.Study.Epochs), null);
            // longer is what makes a rung worth its cost
            if (nextEpochs * effort.Epoch(nextRows) <= epochs * effort.Epoch(rows)) yield break;
            (contenders, epochs, rows) = (next, nextEpochs, nextRows);
            yield return (first = new Rung(problem, index++, contenders, epochs, rows), null);
            Pay(first);
            if (IsLimited) yield break;
        }

        void Pay(Rung rung) => spent.AddRange(rung.Trials.Select(spec => finished.Find(spec.Key)).OfType<Trial>());
    }

    // the trainings of one side on every task in the final comparison that there is room for
    private double RunsFor((double Examples, double Trials) available) =>
        Math.Min(available.Examples / Math.Max(1, effort.Epoch(null) * Settings.FinalEpochs), available.Trials / Tasks - Untrained.Count());

    private IEnumerable<Side> Untrained => baselines.Where(side => side.IsUntrained);

    // what is left for rungs and finalists when the last training is set aside
    private (double Examples, double Trials) Available(IReadOnlyCollection<Trial> spent)
    {
        var (examples, trials) = effort.Left(spent);
        var refit = RefitCost(examples + spent.Sum(trial => trial.Outcome?.ExampleSteps ?? 0));
        return (examples - refit, Math.Max(0, Settings.Refit ? trials - Tasks : trials));
    }

    private double RefitCost(double whole)
    {
        if (!Settings.Refit) return 0;
        var run = effort.EpochOfAllRows * Settings.FinalEpochs;
        return run * Math.Clamp(Math.Floor(LargestShareOfRefit * whole / run), 0, Settings.RefitRuns ?? 1) * (Settings.Limit.Time is null ? 1 : SlackOfRefit);
    }

    private (IReadOnlyList<Contender> Contenders, int Epochs, int? Rows) First(IReadOnlyList<Contender> all, (double Examples, double Trials) available)
    {
        if (!IsLimited) return (all, 1, null);
        var share = ShareOfFirstRung * available.Examples;
        var most = (int)Math.Clamp(Math.Min(share / Math.Max(1, effort.Epoch(FewestRows)), ShareOfFirstRung * available.Trials / Tasks), 1, all.Count);
        var chosen = all;
        if (most < all.Count)
        {
            // every side gets the same number of recipes: fewer sampled designs first, then fewer recipes
            var plain = Trainable(baselines).Count();
            var tried = Math.Clamp(most / Math.Max(1, plain), 1, recipes.All.Count);
            var samples = Math.Max(0, most / tried - plain);
            chosen = [.. Contenders([.. Trainable(baselines), .. Designs.Take(samples)], [.. recipes.All.Take(tried)]).Take(most)];
        }

        var each = share / chosen.Count;
        var rows = effort.RowsFor(each, FewestRows);
        return (chosen, rows is null ? (int)Math.Clamp(each / Math.Max(1, effort.Epoch(null)), 1, Math.Max(1, problem.Study.Epochs - 1)) : 1, rows);
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
        return ([.. ranked.Take(count)], epochs, effort.RowsFor(share / (count * epochs), FewestRows));
    }

    private PolicyStep Compare(IReadOnlyList<Contender> ranked, List<StageRecord> stages, List<Trial> spent, FinishedTrials finished)
    {
        var available = Available(spent);
        var runs = RunsFor(available);
        var (epochs, rows) = (Settings.FinalEpochs, (int?)null);
        if (runs < 1 && !double.IsInfinity(available.Examples))
        {
            epochs = (int)Math.Clamp(available.Examples / Math.Max(1, effort.Epoch(null)), 1, Settings.FinalEpochs);
            rows = effort.RowsFor(available.Examples / epochs, FewestRows);
        }

        var sides = Best(ranked, IsLimited ? (int)Math.Clamp(runs / 2, 1, MostFinalists) : MostFinalists);
        // the untrained side, too, takes a trial for each seed
        var seeds = (int)Math.Clamp(Math.Min(runs / sides.Count, available.Trials / Tasks / (sides.Count + Untrained.Count())), 1, Settings.FinalSeeds);
        var finalists = new Finalists(problem, seeds, epochs) { TrainingRows = rows, NamesConditions = true };
        (Side Side, double? Rate)[] compared = [.. sides.Select(side => (side.Side, side.Side.At(side.Rate))), .. Untrained.Select(side => (side, (double?)null))];
        TrialSpec[] trials = [.. compared.SelectMany(side => finalists.Trials(side.Side, side.Rate))];
        var isDecided = trials.All(spec => finished.Find(spec.Key) is not null);
        var winner = isDecided ? finalists.Winner(compared, finished) : null;
        stages.Add(new(FinalComparison.StageName, true, [.. compared.Select(side => finalists.Option(side.Side, side.Rate)), .. Others(compared)], isDecided, winner?.Side.Name)
        {
            IsFinalComparison = true,
            LeftOut = seeds < Settings.FinalSeeds || epochs < Settings.FinalEpochs || rows is not null
                ? FormattableString.Invariant($"the limit of {Settings.Limit} allowed {seeds} of {Settings.FinalSeeds} seeds, {epochs} of {Settings.FinalEpochs} epochs and {(rows is null ? "all" : FormattableString.Invariant($"{rows}"))} training rows in the final comparison")
                : null,
        });
        if (!isDecided || !Settings.Refit || winner is not { } best) return isDecided ? new(stages, [], true) : Step(stages, trials, finished);

        spent.AddRange(trials.Select(spec => finished.Find(spec.Key)!));
        var run = Math.Max(1, best.Side.EpochsOf(epochs) * (rows is null ? effort.EpochOfAllRows : effort.Epoch(rows)) / recipes.LargestEpochFactor);
        var averaged = Math.Min(effort.Left(spent).Examples / run, Settings.RefitRuns ?? 1);
        if (averaged < 1 && best.Side.EpochsOf(epochs) > 0)
        {
            stages[^1] = stages[^1] with { LeftOut = FormattableString.Invariant($"the limit of {Settings.Limit} left no time to train the winner again on all training rows") };
            return new(stages, [], true);
        }

        var refit = new RefitTrials(problem).Next(best.Side, best.Rate, epochs, Settings.RefitRuns is null ? null : Math.Max(1, (int)averaged), finished);
        stages.Add(refit.Stage);
        return new(stages, refit.Waiting, refit.Waiting.Count == 0);
    }

    // the best sides, each at its best rate: the best sampled design as the found one, and always the best strategy alone; without a limit, every baseline
    private List<Contender> Best(IReadOnlyList<Contender> ranked, int count)
    {
        Contender[] sides = [.. ranked.DistinctBy(contender => contender.Side.Name)];
        var design = Array.Find(sides, contender => contender.Side.Role == OptionRole.Found);
        sides = [.. sides.Where(contender => contender.Side.Role != OptionRole.Found || contender == design)
            .Select(contender => contender == design ? contender with { Side = contender.Side with { Name = FinalComparison.Found, Given = contender.Side.Name } } : contender)];
        Contender[] first = [.. sides.Where(contender => contender.Side.Role != OptionRole.FullFineTuning).Take(count)];
        var plain = Array.Find(sides, contender => problem.Space.Strategies.Contains(contender.Side.Name));
        // the found design first, then the baselines in the study's order
        return [.. sides.Where(contender => !IsLimited || first.Contains(contender) || contender == plain || contender.Side.Name == Settings.Prefer)
            .OrderByDescending(contender => contender.Side.Role == OptionRole.Found)
            .ThenBy(contender => baselines.TakeWhile(side => side.Name != contender.Side.Name).Count())];
    }

    // the sides that were not compared, in order
    private IEnumerable<OptionRecord> Others((Side Side, double? Rate)[] compared) => baselines
        .Where(side => compared.All(other => other.Side.Name != side.Name))
        .Select(side => new OptionRecord(side.Name, side.Description, true, 0, side.Reason is null ? 0 : 1, 0, side.Reason) { Role = side.Role, IsRequired = false });

    private static IEnumerable<Side> Trainable(IEnumerable<Side> sides) => sides.Where(side => side is { Plan: not null, IsUntrained: false });

    // designs may differ in name only, such as in how they would share a budget that their strategy does not use
    private IReadOnlyList<Side> Designs => designs ??= [.. sampled.Value.Designs.Where(design => !baselines.Any(side => TrainsTheSame(side.Plan, design.Plan))).Select(design =>
        new Side(FormattableString.Invariant($"design {design.Sample + 1}"), design.Plan.Design?.ToString() ?? "", OptionRole.Found, design.Plan) { Sample = design.Sample })];

    private static bool TrainsTheSame(TuningPlan? plan, TuningPlan.Sized other) => plan is TuningPlan.Sized sized && (sized with { Design = null }).Equals(other with { Design = null });

    // recipe by recipe, so that the first contenders are every side with the study's own values
    private IReadOnlyList<Contender> Contenders(IReadOnlyList<Side> sides, IReadOnlyList<Recipe> tried) =>
    [
        .. tried.SelectMany(recipe => sides.SelectMany(side => recipes.Of(side, [recipe])))
            .Select(side => new Contender(side.Side, IsTheSameAtEveryRate(side.Side) ? recipes.All[0].Rate : side.Rate))
            .DistinctBy(contender => (contender.Side.Name, contender.Side.Settings, contender.Rate)),
    ];

    private bool IsTheSameAtEveryRate(Side side) => problem.Study.HeadRateIsFixed && side.Name == BaselineNames.Head;

    private string? LeftOut(IReadOnlyList<Contender> all, IReadOnlyList<Contender> chosen, int? rows) => chosen.Count == all.Count && rows is null
        ? null
        : FormattableString.Invariant($"the limit of {Settings.Limit} left out {all.Count - chosen.Count} of {all.Count} combinations of a side and a learning rate{(problem.Study.Combinations.Count > 0 ? " or other settings" : "")}")
            + (rows is { } number ? FormattableString.Invariant($", and all but {number} training rows in the first rung") : "");

    private static PolicyStep Step(IReadOnlyList<StageRecord> stages, IEnumerable<TrialSpec> trials, FinishedTrials finished) =>
        new(stages, finished.Waiting(trials), false);
}
