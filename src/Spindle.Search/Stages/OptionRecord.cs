using Spindle.Search.Trials;

namespace Spindle.Search.Stages;

/// <summary>An option of a stage, as policies report it and stores keep it.</summary>
/// <param name="Name">The option's name.</param>
/// <param name="Description">A longer description.</param>
/// <param name="Exact">False if the option is only the nearest to what its name says.</param>
/// <param name="Designs">Designs sampled for it.</param>
/// <param name="Infeasible">Draws that did not fit the budget and were repeated.</param>
/// <param name="Duplicates">Draws that repeated a design and were drawn again.</param>
/// <param name="Reason">Why no design of it fits the budget, or null if one does.</param>
public sealed record OptionRecord(string Name, string Description, bool Exact, int Designs, int Infeasible, int Duplicates, string? Reason)
{
    /// <summary>The decisions of earlier stages, as in the keys of the option's trials, see <see cref="Trials.TrialKey.Given"/>.</summary>
    public string Given { get; init; } = "";

    /// <summary>The role of the option.</summary>
    public OptionRole Role { get; init; }

    /// <summary>Whether the search stops if none of the option's trials can be run. It always stops if that is so for every option of a stage.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>The designs of earlier stages that count for it, because they satisfy it and were trained under the same conditions.</summary>
    public IReadOnlyList<ReusedDesign> Reused { get; init; } = [];

    /// <summary>When a race dropped it; null if it was not dropped.</summary>
    public OptionDrop? Dropped { get; init; }

    /// <summary>Whether a trial counts for it: one of its own, or one of a design that is reused.</summary>
    /// <param name="stage">The name of the option's stage.</param>
    /// <param name="key">The trial's key.</param>
    public bool Counts(string stage, TrialKey key) =>
        (key.Stage == stage && key.Option == Name && key.Given == Given) || Reused.Any(design => design.Has(key));

    /// <inheritdoc/>
    public bool Equals(OptionRecord? other) => other is not null
        && (Name, Description, Exact, Designs, Infeasible, Duplicates, Reason) == (other.Name, other.Description, other.Exact, other.Designs, other.Infeasible, other.Duplicates, other.Reason)
        && (Given, Role, IsRequired, Dropped) == (other.Given, other.Role, other.IsRequired, other.Dropped) && Reused.SequenceEqual(other.Reused);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Given, Designs, Dropped, Reused.Count);
}

/// <summary>The role of an option in a search. Stores keep the numeric values.</summary>
public enum OptionRole
{
    /// <summary>One of the options that a stage chooses from.</summary>
    Candidate = 0,

    /// <summary>The design that the search found, in the final comparison.</summary>
    Found = 1,

    /// <summary>A baseline within the budget.</summary>
    Baseline = 2,

    /// <summary>Full fine-tuning, without a budget.</summary>
    FullFineTuning = 3,
}
