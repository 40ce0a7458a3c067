using Spindle.Search.Studies;

namespace Spindle.Search.Stages;

/// <summary>A stage as policies report it and stores keep it.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Compares">Whether it runs trials; a stage with one option only does not.</param>
/// <param name="Options">Its options in order.</param>
/// <param name="IsDecided">Whether it is decided.</param>
/// <param name="Chosen">The option that is kept; null until it is decided, and where none can be kept.</param>
public sealed record StageRecord(string Name, bool Compares, IReadOnlyList<OptionRecord> Options, bool IsDecided, string? Chosen)
{
    /// <summary>Whether the search goes on where no design of any option fits the budget.</summary>
    public bool MayBeInfeasible { get; init; }

    /// <summary>Whether it is the comparison of the found design with the baselines, and no choice of the search.</summary>
    public bool IsFinalComparison { get; init; }

    /// <summary>The record of a stage that begins.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="designs">The designs of each option; none where it runs no trials.</param>
    /// <param name="given">What earlier stages had fixed.</param>
    public static StageRecord Of(Stage stage, IReadOnlyList<OptionDesigns> designs, string given) => new(
        stage.Name,
        stage.Compares,
        [.. stage.Options.Select((option, index) => (designs.Count == 0
            ? new OptionRecord(option.Name, option.Description, option.Exact, 0, 0, 0, null)
            : new OptionRecord(
                option.Name,
                option.Description,
                option.Exact,
                designs[index].Designs.Count,
                designs[index].Infeasible,
                designs[index].Duplicates,
                designs[index].IsFeasible ? null : designs[index].Reason)) with
        { Given = given })],
        false,
        null)
    {
        MayBeInfeasible = stage.MayBeInfeasible,
    };

    /// <summary>Whether it compares options of which no design fits the budget.</summary>
    public bool IsInfeasible => Compares && Options.Count > 0 && Options.All(option => option.Designs == 0);

    /// <summary>Refuses a stage of which no design fits, unless it may be infeasible.</summary>
    /// <param name="problem">The problem, for the message.</param>
    /// <exception cref="InvalidDataException">No design of any option fits the budget.</exception>
    public void RequireFeasible(SearchProblem problem)
    {
        if (MayBeInfeasible || !IsInfeasible) return;
        throw new InvalidDataException($"study {problem.Study.Name}: no design of stage {Name} fits the budget of {problem.Budget}: "
            + $"{Options.FirstOrDefault(option => option.Reason is not null)?.Reason ?? "none was drawn"}; raise 'budget'");
    }

    /// <inheritdoc/>
    public bool Equals(StageRecord? other) => other is not null && Name == other.Name && Compares == other.Compares && Options.SequenceEqual(other.Options)
        && IsDecided == other.IsDecided && Chosen == other.Chosen && MayBeInfeasible == other.MayBeInfeasible && IsFinalComparison == other.IsFinalComparison;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Options.Count, IsDecided, Chosen);
}
