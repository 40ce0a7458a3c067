using Spindle.Designs;

namespace Spindle.Search.Stages;

/// <summary>One choice of a search: options of which one is kept.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Options">The options in a fixed order; of equally good ones the first is kept.</param>
/// <param name="Compares">Whether trials are run. A choice with one option only is made without them, unless the stage is there for its scores alone.</param>
public sealed record Stage(string Name, IReadOnlyList<StageOption> Options, bool Compares)
{
    /// <summary>Whether the search goes on where no design of any option fits the budget.</summary>
    public bool MayBeInfeasible { get; init; }
}

/// <summary>An option of a stage.</summary>
/// <param name="Name">Its name, unique in the stage (<c>spindle</c>, <c>adapter+lora</c>).</param>
/// <param name="Constraints">What designs of this option have: all that was fixed before, and this option.</param>
/// <param name="Description">The option in more words, such as the sizes of a grouping.</param>
/// <param name="Exact">False where the option only comes close to what its name says: a grouping of the nearest sizes.</param>
public sealed record StageOption(string Name, DesignConstraints Constraints, string Description, bool Exact = true);
