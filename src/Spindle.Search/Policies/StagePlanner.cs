using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>Divides a limit of trials and examples between the stages of a search and its final comparison. What is left is divided again before each stage: fewer designs for each option first,
/// then fewer rows, then fewer epochs. Each stage leaves at least what the cheapest form of everything after it costs.</summary>
/// <param name="problem">The problem and its limit.</param>
/// <param name="findsDesign">Whether there is a found design to compare.</param>
internal sealed class StagePlanner(SearchProblem problem, bool findsDesign = true)
{
    // fewer would rank designs by chance
    private const int FewestRows = 128;

    // of what is left; the stages get the rest
    private const double LargestShareOfComparison = 1.0 / 3;
    private const double LargestShareOfRefit = 0.35;

    private readonly SideRecipes recipes = new(problem);
    private readonly Effort effort = new(problem);
    private readonly IReadOnlyList<Side> baselines = Baselines.List(problem);

    private SearchStudy Study => problem.Study;

    private SearchSettings Settings => problem.Study.Search;

    private int Tasks => problem.Tasks.Count;

    // the found design and the baselines that are trained
    private int Sides => (findsDesign ? 1 : 0) + baselines.Count(side => side is { Plan: not null, IsUntrained: false });

    private int Untrained => baselines.Count(side => side.IsUntrained);

    private int Recipes => recipes.HaveChoice ? recipes.All.Count : 0;

    private int RefitRuns => Settings.RefitRuns ?? 1;

    /// <summary>Refuses a limit in time, and one under which not even one design of each option can be trained.</summary>
    /// <param name="options">The most options of all stages; 0 where only a comparison is run.</param>
    /// <exception cref="InvalidDataException">The limit is too low; the message says what is needed.</exception>
    public void RequireEnough(int options) => RequireEnough(Cheapest(options));

    /// <summary>Refuses a limit in time, and one under which not even a single design can be trained in rungs.</summary>
    /// <param name="cost">Computes the epochs and the trials on each task from a number of designs.</param>
    /// <exception cref="InvalidDataException">The limit is too low; the message says what is needed.</exception>
    public void RequireEnough(Func<int, (double Epochs, double Trials)> cost)
    {
        var (final, one) = (Cheapest(0), CostOf(cost(1)));
        RequireEnough((final.Examples + one.Examples, final.Trials + one.Trials));
    }

    /// <summary>The number of designs that are trained in rungs.</summary>
    /// <param name="cost">The epochs and the trials of each task that so many designs need.</param>
    public int Designs(Func<int, (double Epochs, double Trials)> cost)
    {
        var (left, final, cheapest) = (effort.Left([]), Wanted(), Cheapest(0));
        var (one, all) = (CostOf(cost(1)), CostOf(cost(Settings.SamplesPerOption)));
        var examples = Share(left.Examples, final.Examples, cheapest.Examples, cheapest.Examples + one.Examples, all.Examples);
        var trials = Share(left.Trials, final.Trials, cheapest.Trials, cheapest.Trials + one.Trials, all.Trials);
        var designs = Settings.SamplesPerOption;
        while (designs > 1 && CostOf(cost(designs)) is var needed && (needed.Examples > examples || needed.Trials > trials)) designs--;
        return designs;
    }

    /// <summary>The most rows that a search trains on, a limit included.</summary>
    /// <param name="epochs">The epochs that its stages train on each task.</param>
    public long MaximumExamples(double epochs) => (long)Math.Min((epochs * effort.Epoch(null)) + Wanted().Examples, Settings.Limit.Examples ?? double.MaxValue);

    /// <summary>The plan of a stage.</summary>
    /// <param name="options">The stage's options.</param>
    /// <param name="later">The most options of the stages after it.</param>
    /// <param name="spent">The trials of the stages before it.</param>
    public StagePlan Stage(int options, int later, IReadOnlyCollection<Trial> spent)
    {
        var all = StagePlan.Of(Study);
        var remaining = options + later;
        var left = effort.Left(spent);
        var (cheapestFinal, cheapest) = (Cheapest(0), Cheapest(remaining));
        var final = Wanted();
        // what each option may cost
        var examples = Share(left.Examples, final.Examples, cheapestFinal.Examples, cheapest.Examples, (double)remaining * all.Samples * all.Epochs * effort.Epoch(null)) / remaining;
        var trials = Share(left.Trials, final.Trials, cheapestFinal.Trials, cheapest.Trials, (double)remaining * all.Samples * Tasks) / remaining;
        var samples = Math.Min(examples / (all.Epochs * effort.Epoch(null)), trials / Tasks);
        if (samples >= 1 || double.IsPositiveInfinity(examples)) return all with { Samples = (int)Math.Clamp(samples, 1, all.Samples) };
        var epochs = all.Epochs * effort.Epoch(FewestRows) <= examples ? all.Epochs : (int)Math.Clamp(examples / effort.Epoch(FewestRows), 1, all.Epochs);
        return new(1, epochs, effort.RowsFor(examples / epochs, FewestRows));
    }

    /// <summary>The plan of the final comparison.</summary>
    /// <param name="spent">The trials of all stages.</param>
    public ComparisonPlan Comparison(IReadOnlyCollection<Trial> spent)
    {
        var all = ComparisonPlan.Of(Study);
        var (examples, trials) = effort.Left(spent);
        var wanted = Wanted();
        if (wanted.Examples <= examples && wanted.Trials <= trials) return all;

        var run = effort.EpochOfAllRows * all.FinalEpochs;
        var runs = all.Refits && trials - Tasks >= Cheapest(0).Trials ? (int)Math.Clamp(Math.Min(LargestShareOfRefit * examples, examples - Cheapest(0).Examples) / run, 0, RefitRuns) : 0;
        (examples, trials) = (examples - (runs * run), runs > 0 ? trials - Tasks : trials);
        all = all with { Refits = runs > 0, RefitRuns = runs == RefitRuns || runs == 0 ? all.RefitRuns : runs };

        var seeds = (int)Math.Clamp(
            Math.Min(((examples / (Sides * effort.Epoch(null))) - (Recipes * all.Epochs)) / all.FinalEpochs, ((trials / Tasks) - (Sides * Recipes)) / (Sides + Untrained)), 0, all.Seeds);
        if (seeds > 0 || double.IsPositiveInfinity(examples)) return all with { Seeds = Math.Max(1, seeds) };
        var passes = all.FinalEpochs + (Recipes * all.Epochs);
        if (Sides * passes * effort.Epoch(FewestRows) > examples) (all, passes) = (all with { FinalEpochs = 1, Epochs = 1 }, 1 + Recipes);
        return all with { Seeds = 1, Rows = effort.RowsFor(examples / (Sides * passes), FewestRows) };
    }

    private void RequireEnough((double Examples, double Trials) needed)
    {
        if (Settings.Limit.Time is not null)
            throw new InvalidDataException($"study {Study.Name}: policy '{Settings.Policy}' cannot be limited in time; write 'policy: {JointPolicy.PolicyName}', or limit 'trials' or 'examples'");
        var left = effort.Left([]);
        if (needed.Examples <= left.Examples && needed.Trials <= left.Trials) return;
        throw new InvalidDataException(FormattableString.Invariant(
            $"study {Study.Name}: the limit of {Settings.Limit} is too low for policy '{Settings.Policy}', which needs at least {needed.Trials} trials and {Math.Ceiling(needed.Examples)} examples; raise it, or write 'policy: {JointPolicy.PolicyName}'"));
    }

    private (double Examples, double Trials) CostOf((double Epochs, double Trials) designs) => (designs.Epochs * effort.Epoch(null), designs.Trials * Tasks);

    // one design of each option, and one seed of each side, for an epoch of the fewest rows
    private (double Examples, double Trials) Cheapest(int options) =>
        ((options + (Sides * (1.0 + Recipes))) * effort.Epoch(FewestRows), (options + (Sides * (1.0 + Recipes)) + Untrained) * Tasks);

    // what the study asks for at the end
    private (double Examples, double Trials) Wanted()
    {
        var examples = Sides * (((double)Settings.FinalSeeds * Settings.FinalEpochs) + (Recipes * (double)Study.Epochs)) * effort.Epoch(null);
        var trials = ((Sides * ((double)Settings.FinalSeeds + Recipes)) + ((double)Untrained * Settings.FinalSeeds)) * Tasks;
        return Settings.Refit ? (examples + (RefitRuns * effort.EpochOfAllRows * Settings.FinalEpochs), trials + Tasks) : (examples, trials);
    }

    // of what is left, what the stages get: all that they ask for if that leaves enough for the comparison
    private static double Share(double left, double final, double cheapestFinal, double cheapest, double stages)
    {
        if (double.IsPositiveInfinity(left) || stages + final <= left) return left - Math.Min(final, left);
        var reserved = Math.Max(cheapestFinal, Math.Min(Math.Min(final, left * LargestShareOfComparison), left - (cheapest - cheapestFinal)));
        return Math.Max(0, left - reserved);
    }
}
