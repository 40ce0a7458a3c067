using System.Globalization;
using Spindle.Designs;
using Spindle.Designs.Text;

namespace Spindle.Search.Stages;

/// <summary>The greedy stages of the paper (Chen et al., ICLR 2023, section 3), as a pure function of the space and of the decisions so far: S0 no
/// constraint, S1 grouping, S2 allocation, S3 tunable groups, S4 the strategies of each group from the first to the last.</summary>
public static class StageSequence
{
    /// <summary>The name of the only option of S0.</summary>
    public const string Unconstrained = "unconstrained";

    /// <summary>The names of all stages in order.</summary>
    public static IReadOnlyList<string> Names(DesignSpace space) => ["S0", "S1", "S2", "S3", .. Enumerable.Range(0, space.Groups).Select(GroupStage)];

    /// <summary>The first undecided stage, or null if all are decided.</summary>
    /// <param name="space">The space.</param>
    /// <param name="decided">The decisions of the stages before it, in order.</param>
    /// <exception cref="ArgumentException">The decisions are not those of this space's stages in order.</exception>
    public static Stage? Next(DesignSpace space, IReadOnlyList<StageDecision> decided)
    {
        var constraints = Fixed(space, decided);
        return decided.Count == Names(space).Count ? null : At(space, decided.Count, constraints);
    }

    /// <summary>The design that the decisions fix.</summary>
    /// <exception cref="ArgumentException">A stage is not decided.</exception>
    public static Design Found(DesignSpace space, IReadOnlyList<StageDecision> decided) => Fixed(space, decided) switch
    {
        { Grouping: { } grouping, Allocation: { } allocation } constraints when decided.Count == Names(space).Count =>
            new(grouping, allocation, new([.. constraints.Strategies.Select(set => set!)])),
        _ => throw new ArgumentException("not every stage is decided", nameof(decided)),
    };

    /// <summary>The number of options that will be compared after the next stage, if all groups that are not yet excluded are tuned.</summary>
    public static int OptionsAfterNext(DesignSpace space, IReadOnlyList<StageDecision> decided)
    {
        var constraints = Fixed(space, decided);
        var options = 0;
        for (var index = decided.Count + 1; index < Names(space).Count; index++)
        {
            var stage = At(space, index, constraints);
            if (stage.Compares) options += stage.Options.Count;
        }

        return options;
    }

    // the constraints of the decisions so far
    private static GroupConstraints Fixed(DesignSpace space, IReadOnlyList<StageDecision> decided)
    {
        var names = Names(space);
        if (decided.Count > names.Count) throw new ArgumentException($"{decided.Count} decisions for {names.Count} stages", nameof(decided));
        var constraints = DesignConstraints.None;
        for (var index = 0; index < decided.Count; index++)
        {
            var (name, option) = decided[index];
            if (name != names[index]) throw new ArgumentException($"a decision of stage {name} is given, but {names[index]} comes next", nameof(decided));
            if (index == 0) continue;
            var chosen = At(space, index, constraints).Options.FirstOrDefault(candidate => candidate.Name == option)
                ?? throw new ArgumentException($"stage {name} has no option '{option}'", nameof(decided));
            constraints = (GroupConstraints)chosen.Constraints;
        }

        return constraints;
    }

    private static Stage At(DesignSpace space, int index, GroupConstraints constraints) => index switch
    {
        0 => new("S0", [new(Unconstrained, DesignConstraints.EveryLayer, "every layer draws its own strategies and share")], true) { MayBeInfeasible = true },
        1 => Create("S1", space.Groupings.Select(grouping => new StageOption(
            KebabCase.From(grouping.Pattern), constraints with { Grouping = grouping }, grouping.ToString(), grouping.Exact))),
        2 => Create("S2", space.Allocations.Select(allocation => new StageOption(
            KebabCase.From(allocation.Pattern), constraints with { Allocation = allocation }, allocation.ToString()))),
        3 => Create("S3", space.TunableOptions.Select(tunable => new StageOption(
            tunable.ToString(space.Groups), constraints with { Tunable = tunable }, tunable.ToString()))),
        _ => Strategies(space, index - 4, constraints),
    };

    private static Stage Strategies(DesignSpace space, int group, GroupConstraints constraints)
    {
        IEnumerable<StrategySet> sets = constraints.Tunable?.Contains(group) == false ? [StrategySet.Empty] : space.StrategySets;
        return Create(GroupStage(group), sets.Select(set => new StageOption(set.ToString(), constraints.WithStrategies(group, set), set.ToString())));
    }

    private static Stage Create(string name, IEnumerable<StageOption> options)
    {
        StageOption[] all = [.. options];
        return new(name, all, all.Length > 1);
    }

    private static string GroupStage(int group) => string.Create(CultureInfo.InvariantCulture, $"S4.G{group + 1}");
}
