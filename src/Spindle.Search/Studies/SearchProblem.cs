using Spindle.Designs;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;

namespace Spindle.Search.Studies;

/// <summary>A study together with what its search must know of the backbone and the tasks.</summary>
/// <param name="Study">The study.</param>
/// <param name="Shape">The backbone's shape, its layers numbered as the study says.</param>
/// <param name="Costs">What the strategies cost, at least those of the space.</param>
/// <param name="Space">The space of designs, with as many layers as the shape.</param>
/// <param name="Budget">The parameters that a design may train, at least 1.</param>
/// <param name="Tasks">The study's tasks in its order.</param>
public sealed record SearchProblem(
    SearchStudy Study,
    BackboneShape Shape,
    StrategyCosts Costs,
    DesignSpace Space,
    long Budget,
    IReadOnlyList<TaskChance> Tasks)
{
    /// <summary>The problem that a study poses on a backbone.</summary>
    /// <param name="study">The study.</param>
    /// <param name="shape">The backbone's shape.</param>
    /// <param name="costs">What the strategies cost.</param>
    /// <param name="chance">What guessing scores on a task, in points.</param>
    /// <exception cref="InvalidDataException">The study asks for what the backbone does not have.</exception>
    public static SearchProblem Of(SearchStudy study, BackboneShape shape, StrategyCosts costs, Func<string, double> chance)
    {
        var (layers, groups) = (shape.Layers.Count, study.Space.Groups);
        if (groups > layers)
            throw new InvalidDataException($"study {study.Name}: {groups} groups for the {layers} layers of {shape.Name}; set 'groups' to {layers} at most");
        if (study.Space.Strategies.FirstOrDefault(name => !costs.Contains(name)) is { } unknown)
            throw new InvalidDataException($"study {study.Name}: unknown strategy '{unknown}'; known are {string.Join(", ", costs.Names)}");
        var budget = study.Budget.For(shape.Parameters);
        if (budget < 1)
            throw new InvalidDataException($"study {study.Name}: {study.Budget} of {shape.Name}'s {shape.Parameters} parameters is less than one; raise 'budget'");
        var tunable = study.Space.TunableGroups == TunableGroupOptions.AllSubsets ? TunableGroups.AllSubsets(groups) : TunableGroups.Runs(groups);
        return new(
            study,
            shape,
            costs,
            new DesignSpace(layers, groups, study.Space.Strategies, tunable, study.Space.StrategiesAGroup),
            budget,
            [.. study.Tasks.Select(task => new TaskChance(task, chance(task)))]);
    }
}
