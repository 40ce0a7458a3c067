using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>The end of <see cref="JointPolicy"/>: the best sides are compared over seeds, and the winner may be trained again on all rows.</summary>
/// <param name="problem">The problem.</param>
internal sealed class JointComparison(SearchProblem problem)
{
    /// <summary>The most sides that are compared besides the baselines of a study without a limit.</summary>
    public const int MostFinalists = 4;

    private readonly SideRecipes recipes = new(problem);
    private readonly Effort effort = new(problem);
    private readonly JointLimit limit = new(problem);
    private readonly IReadOnlyList<Side> baselines = Baselines.List(problem);

    private int Tasks => problem.Tasks.Count;

    private SearchSettings Settings => problem.Study.Search;

    /// <summary>The next step after the rungs.</summary>
    /// <param name="ranked">The contenders, the best one first.</param>
    /// <param name="stages">The rungs; the stages of the comparison are added.</param>
    /// <param name="spent">The trials of the rungs.</param>
    /// <param name="finished">The finished trials.</param>
    public PolicyStep Next(IReadOnlyList<Contender> ranked, List<StageRecord> stages, IReadOnlyList<Trial> spent, FinishedTrials finished)
    {
        var available = limit.Available(spent);
        var runs = limit.RunsFor(available);
        var (epochs, rows) = (Settings.FinalEpochs, (int?)null);
        if (runs < 1 && !double.IsInfinity(available.Examples))
        {
            epochs = (int)Math.Clamp(available.Examples / Math.Max(1, effort.Epoch(null)), 1, Settings.FinalEpochs);
            rows = effort.RowsFor(available.Examples / epochs, JointLimit.FewestRows);
        }

        var sides = Best(ranked, runs);
        var compared = new Compared(problem, [.. sides.Select(side => (side.Side, side.Side.At(side.Rate))), .. baselines.Where(side => side.IsUntrained).Select(side => (side, (double?)null))], epochs, rows);
        var planned = (int)Math.Clamp(Math.Min(runs / sides.Count, available.Trials / Tasks / compared.Sides.Count), 1, Settings.FinalSeeds);
        var seeds = Settings.Limit.Time is null ? planned : Seeds(compared, sides.Count, spent, finished);
        var ended = compared.Ended(seeds, finished);
        var isDecided = ended is not null;
        var finalists = compared.Of(seeds);
        var winner = isDecided ? finalists.Winner(compared.Sides, finished) : null;
        stages.Add(new(FinalComparison.StageName, true, [.. compared.Sides.Select(side => finalists.Option(side.Side, side.Rate)), .. Others(compared.Sides)], isDecided, winner?.Side.Name)
        {
            IsFinalComparison = true,
            LeftOut = isDecided && (seeds < Settings.FinalSeeds || epochs < Settings.FinalEpochs || rows is not null)
                ? FormattableString.Invariant($"the limit of {Settings.Limit} allowed {seeds} of {Settings.FinalSeeds} seeds, {epochs} of {Settings.FinalEpochs} epochs and {(rows is null ? "all" : FormattableString.Invariant($"{rows}"))} training rows in the final comparison")
                : null,
        });
        if (ended is not null) return Settings.Refit && winner is { } best ? Refit(best, epochs, rows, stages, [.. spent, .. ended], finished) : new(stages, [], true);
        var later = Math.Max(0, planned - seeds) * Tasks;
        return new(stages, finished.Waiting(compared.Trials(seeds)), false) { TrialsToCome = later * compared.Sides.Count, EpochsToCome = (long)later * sides.Count * epochs };
    }

    // the speed may change: a few seeds at a time, so that there is always time for the last training
    private int Seeds(Compared compared, int trained, IReadOnlyList<Trial> spent, FinishedTrials finished)
    {
        var seeds = 0;
        while (true)
        {
            // enough to give every worker a trial
            var round = Math.Min(Math.Max(1, (problem.Workers + trained - 1) / trained), Settings.FinalSeeds - seeds);
            if (round == 0 || (seeds > 0 && !IsAffordable(round, compared.Ended(seeds, finished)!))) return seeds;
            seeds += round;
            if (compared.Ended(seeds, finished) is null) return seeds;
        }

        bool IsAffordable(int round, IEnumerable<Trial> ended) => limit.Available([.. spent, .. ended]) is var left
            && round * trained * effort.Epoch(compared.Rows) * compared.Epochs <= left.Examples && round * compared.Sides.Count * Tasks <= left.Trials;
    }

    private PolicyStep Refit((Side Side, double? Rate) winner, int epochs, int? rows, List<StageRecord> stages, IReadOnlyList<Trial> spent, FinishedTrials finished)
    {
        var run = Math.Max(1, winner.Side.EpochsOf(epochs) * (rows is null ? effort.EpochOfAllRows : effort.Epoch(rows)) / recipes.LargestEpochFactor);
        var averaged = Math.Min(effort.Left(spent).Examples / run, Settings.RefitRuns ?? 1);
        if (averaged < 1 && winner.Side.EpochsOf(epochs) > 0)
        {
            stages[^1] = stages[^1] with { LeftOut = FormattableString.Invariant($"the limit of {Settings.Limit} left no time to train the winner again on all training rows") };
            return new(stages, [], true);
        }

        var refit = new RefitTrials(problem).Next(winner.Side, winner.Rate, epochs, Settings.RefitRuns is null ? null : Math.Max(1, (int)averaged), finished);
        return new([.. stages, refit.Stage], refit.Waiting, refit.Waiting.Count == 0);
    }

    // the best sides, each at its best rate: the best sampled design as the found one, and always the best strategy alone and the preferred one, for which a low limit leaves out others; without a limit, every baseline
    private List<Contender> Best(IReadOnlyList<Contender> ranked, double runs)
    {
        Contender[] sides = [.. ranked.DistinctBy(contender => contender.Side.Name)];
        // of each smaller budget the best side
        sides = [.. sides.Where(contender => contender.Side.Budget is null || contender == Array.Find(sides, other => other.Side.Budget == contender.Side.Budget))];
        var design = Array.Find(sides, contender => contender.Side.Role == OptionRole.Found);
        sides = [.. sides.Where(contender => contender.Side.Role != OptionRole.Found || contender == design)
            .Select(contender => contender == design ? contender with { Side = contender.Side with { Name = FinalComparison.Found, Given = contender.Side.Name } } : contender)];
        if (Settings.Limit.IsLimited)
        {
            // what is left over compares more of them with all seeds
            var count = (int)Math.Min(ranked.Count, Math.Max(Math.Clamp(runs / 2, 1, MostFinalists), runs / Settings.FinalSeeds));
            Contender[] first = [.. sides.Where(contender => contender.Side.Role != OptionRole.FullFineTuning).Take(count)];
            var preferred = Array.Find(sides, contender => contender.Side.Name == Settings.Prefer);
            var plain = Array.Find(sides, contender => problem.Space.Strategies.Contains(contender.Side.Name));
            sides = [.. new[] { preferred, plain }.OfType<Contender>().Concat(sides.Where(contender => contender.Side.Budget is not null)).Concat(first).Distinct().Take((int)Math.Clamp(runs, 1, ranked.Count))];
        }

        // the found design first, then the baselines in the study's order
        return [.. sides.OrderByDescending(contender => contender.Side.Role == OptionRole.Found).ThenBy(contender => baselines.TakeWhile(side => side.Name != contender.Side.Name).Count())];
    }

    // the sides that were not compared, in order
    private IEnumerable<OptionRecord> Others(IReadOnlyList<(Side Side, double? Rate)> compared) => baselines
        .Where(side => compared.All(other => other.Side.Name != side.Name))
        .Select(side => new OptionRecord(side.Name, side.Description, true, 0, side.Reason is null ? 0 : 1, 0, side.Reason) { Role = side.Role, IsRequired = false });

    // the sides and how each of their seeds is trained
    private sealed record Compared(SearchProblem Problem, IReadOnlyList<(Side Side, double? Rate)> Sides, int Epochs, int? Rows)
    {
        public Finalists Of(int seeds) => new(Problem, seeds, Epochs) { TrainingRows = Rows, NamesConditions = true };

        public IEnumerable<TrialSpec> Trials(int seeds) => Sides.SelectMany(side => Of(seeds).Trials(side.Side, side.Rate));

        // null until all have
        public IReadOnlyList<Trial>? Ended(int seeds, FinishedTrials finished)
        {
            TrialSpec[] specs = [.. Trials(seeds)];
            Trial[] trials = [.. specs.Select(spec => finished.Find(spec.Key)).OfType<Trial>()];
            return trials.Length < specs.Length ? null : trials;
        }
    }
}
