using Spindle.Designs;

namespace Spindle.Search.Stages;

/// <summary>One choice of a search: several options, one of which is kept.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Options">The options in a fixed order. Ties go to the first.</param>
/// <param name="Compares">Whether trials are run. A stage with only one option needs none, unless it exists for its scores.</param>
public sealed record Stage(string Name, IReadOnlyList<StageOption> Options, bool Compares)
{
    /// <summary>The stage of policies that sample from the whole space: one option without constraints.</summary>
    public static Stage AnyDesign { get; } = new("designs", [new("any", DesignConstraints.None, "any design of the space")], true);

    /// <summary>Whether the search continues if no design of any option fits the budget.</summary>
    public bool MayBeInfeasible { get; init; }
}

/// <summary>An option of a stage.</summary>
/// <param name="Name">The name, unique in the stage (<c>spindle</c>, <c>adapter+lora</c>).</param>
/// <param name="Constraints">The constraints on designs of this option: all earlier decisions, and the option itself.</param>
/// <param name="Description">A longer description, such as the sizes of a grouping.</param>
/// <param name="Exact">False if the option is only the nearest to what its name says, such as a grouping with the nearest sizes.</param>
public sealed record StageOption(string Name, DesignConstraints Constraints, string Description, bool Exact = true);
