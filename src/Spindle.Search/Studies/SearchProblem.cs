using Spindle.Designs;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Search.Studies;

/// <summary>A study, together with what its search needs to know about the backbone and the tasks.</summary>
/// <param name="Study">The study.</param>
/// <param name="Shape">The backbone's shape, with layers numbered as in the study.</param>
/// <param name="Costs">The costs of the strategies, at least of those in the space.</param>
/// <param name="Space">The space of designs, with as many layers as the shape.</param>
/// <param name="Budget">The number of parameters that a design may train, at least 1.</param>
/// <param name="Tasks">The study's tasks in order.</param>
public sealed record SearchProblem(
    SearchStudy Study,
    BackboneShape Shape,
    StrategyCosts Costs,
    DesignSpace Space,
    long Budget,
    IReadOnlyList<TaskChance> Tasks)
{
    // a fifth of fewer rows has a standard error of more than two points
    private const int FewRows = 1_000;
    private const int SplitsOfFewRows = 5;

    /// <summary>The number of trials that run in parallel, which a limit in time takes into account.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Where the search runs, for the record; null where that is not known.</summary>
    public SearchRun? Run { get; init; }

    /// <summary>Whether the options of a stage share what they leave free and the seeds of their trials (common random numbers). False where an earlier version, which drew each option
    /// separately, began the search.</summary>
    public bool SharesDraws { get; init; } = true;

    /// <summary>The earlier searches that it starts from, as they were read when it began; empty for none.</summary>
    public IReadOnlyList<EarlierStudy> Earlier { get; init; } = [];

    /// <summary>The number of selection splits, which seeds and rungs take in turn: the study's, or several where the rows that select are part of few training rows.</summary>
    public int SelectionSplits => Study.SelectionSplits ?? (Tasks.Any(task => task.AllRows > task.TrainingRows && task.AllRows < FewRows) ? SplitsOfFewRows : 1);

    /// <summary>Creates the problem of a study on a backbone.</summary>
    /// <param name="study">The study.</param>
    /// <param name="shape">The backbone's shape.</param>
    /// <param name="costs">The costs of the strategies.</param>
    /// <param name="task">The score of guessing on a task in points, and its numbers of rows.</param>
    /// <exception cref="InvalidDataException">The study does not fit the backbone.</exception>
    public static SearchProblem Of(SearchStudy study, BackboneShape shape, StrategyCosts costs, Func<string, TaskChance> task)
    {
        var (layers, groups) = (shape.Layers.Count, study.Space.Groups);
        if (groups > layers)
            throw new InvalidDataException($"study {study.Name}: {groups} groups for the {layers} layers of {shape.Name} are too many; set 'groups' to at most {layers}");
        if (study.Space.Strategies.FirstOrDefault(name => !costs.Contains(name)) is { } unknown)
            throw new InvalidDataException($"study {study.Name}: unknown strategy '{unknown}'; the strategies are {string.Join(", ", costs.Names)}");
        var budget = study.Budget.For(shape.Parameters);
        if (budget < 1)
            throw new InvalidDataException($"study {study.Name}: {study.Budget} of {shape.Name}'s {shape.Parameters} parameters is less than one parameter; raise 'budget'");
        if (study.SmallerBudgets.FirstOrDefault(smaller => smaller.For(shape.Parameters) is var count && (count < 1 || count >= budget)) is { } wrong)
            throw new InvalidDataException($"study {study.Name}: {wrong} of {shape.Name} is {wrong.For(shape.Parameters)} parameters, and 'smaller-budgets' must be below the budget of {budget}, and at least one parameter");
        var tunable = study.Space.TunableGroups == TunableGroupOptions.AllSubsets ? TunableGroups.AllSubsets(groups) : TunableGroups.Runs(groups);
        return new(
            study,
            shape,
            costs,
            new DesignSpace(layers, groups, study.Space.Strategies, tunable, study.Space.StrategiesPerGroup),
            budget,
            [.. study.Tasks.Select(task)]);
    }
}
