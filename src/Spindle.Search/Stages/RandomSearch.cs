using System.Globalization;
using Spindle.Designs;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>The baseline that chooses nothing step by step: random designs of the space within the budget, each trained once on every task, all with the same seeds. The best of them on the
/// rows that select is compared.</summary>
/// <param name="problem">The problem.</param>
internal sealed class RandomSearch(SearchProblem problem)
{
    private const string StageName = "Random";

    private static readonly Stage Any = new("random", [new("any", DesignConstraints.None, "any design of the space")], true);

    private OptionDesigns? drawn;
    private int count;

    /// <summary>Whether the study names it.</summary>
    public bool IsNamed { get; } = problem.Study.Search.Baselines.Contains(BaselineNames.Random);

    /// <summary>The most trials, without those of the final comparison.</summary>
    /// <param name="searched">The most designs that the search trains for <see cref="SearchStudy.Epochs"/>.</param>
    public long MaximumTrials(long searched) => IsNamed ? DesignsFor(searched) * problem.Tasks.Count : 0;

    /// <summary>The stage, its unfinished trials and, once there are none, the best design as a side, which has no plan if none fits the budget.</summary>
    /// <param name="searched">The designs that the search has trained for <see cref="SearchStudy.Epochs"/>, or that would have cost the same.</param>
    /// <param name="finished">The finished trials.</param>
    /// <param name="recipeOf">The side with the recipe that a design is trained by, from the design's sample; null for the study's own.</param>
    public (StageRecord Stage, IReadOnlyList<TrialSpec> Waiting, (Side Side, LearningRate? Rate)? Best) Next(
        long searched, FinishedTrials finished, Func<Side, (Side Side, LearningRate? Rate)>? recipeOf = null)
    {
        var designs = (int)DesignsFor(searched);
        // the first designs do not depend on their number
        if (drawn is null || count != designs) (drawn, count) = (StageSampler.Draw(problem, Any, designs)[0], designs);
        (Side Side, LearningRate? Rate)[] tried =
        [
            .. drawn.Designs.Select(design => new Side(BaselineNames.Random, design.Plan.Design!.ToString(), OptionRole.Baseline, design.Plan)
            {
                Sample = design.Sample,
                Given = string.Create(CultureInfo.InvariantCulture, $"design {design.Sample + 1}"),
            }).Select(side => recipeOf?.Invoke(side) ?? (side, null)),
        ];
        var waiting = finished.Waiting(tried.SelectMany(Trials));
        (Side Side, LearningRate? Rate)? best = waiting.Count > 0 || tried.Length == 0 ? null : tried.MaxBy(PointsOf);
        var options = tried.Select(side => new OptionRecord(NameOf(side), side.Side.Description, true, 1, 0, 0, null) { Given = GivenOf(side), IsRequired = false });
        var stage = new StageRecord(StageName, true, [.. options], waiting.Count == 0, best is { } chosen ? NameOf(chosen) : null) { MayBeInfeasible = true };
        return tried.Length == 0
            ? (stage, waiting, (new(BaselineNames.Random, "random designs", OptionRole.Baseline, null) { Reason = drawn.Reason }, null))
            // in the comparison, each side has its own seeds
            : (stage, waiting, best is { } found ? (found.Side with { Sample = 0, Description = string.Create(CultureInfo.InvariantCulture, $"the best of {tried.Length} random designs: {found.Side.Description}") }, found.Rate) : null);

        double PointsOf((Side, LearningRate?) side) => Trials(side).Select(spec => finished.Find(spec.Key)!).Average(trial => trial.Counts ? trial.Points : double.NegativeInfinity);
    }

    private long DesignsFor(long searched) => Math.Max(1, problem.Study.Search.RandomDesigns ?? searched);

    private IEnumerable<TrialSpec> Trials((Side Side, LearningRate? Rate) tried) => problem.Tasks.Select(task => new TrialSpec(
        new(StageName, NameOf(tried), tried.Side.Sample, task.Name, tried.Side.EpochsOf(problem.Study.Epochs), DerivedSeed.Derive(problem.Study.Search.Seed, "random", task.Name))
        {
            Given = GivenOf(tried),
            LearningRate = tried.Side.At(tried.Rate),
            Settings = tried.Side.Settings,
        },
        tried.Side.Plan!));

    private static string NameOf((Side Side, LearningRate? Rate) tried) => tried.Side.Given;

    private static string GivenOf((Side Side, LearningRate? Rate) tried) => SideOptions.Given("", tried.Side.At(tried.Rate), tried.Side.Settings);
}
