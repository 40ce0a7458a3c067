using Spindle.Search.Studies;

namespace Spindle.Search.Stages;

/// <summary>A stage, as policies report it and stores keep it.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Compares">Whether it runs trials. A stage with only one option does not.</param>
/// <param name="Options">The options in order.</param>
/// <param name="IsDecided">Whether the stage is decided.</param>
/// <param name="Chosen">The option that is kept; null until the stage is decided, or if none can be kept.</param>
public sealed record StageRecord(string Name, bool Compares, IReadOnlyList<OptionRecord> Options, bool IsDecided, string? Chosen)
{
    /// <summary>Whether the search continues if no design of any option fits the budget.</summary>
    public bool MayBeInfeasible { get; init; }

    /// <summary>Whether it is the final comparison of the found design with the baselines, not a choice of the search.</summary>
    public bool IsFinalComparison { get; init; }

    /// <summary>Whether it trains the winner again on all training rows.</summary>
    public bool IsRefit { get; init; }

    /// <summary>How its options raced against each other; null if all were trained alike.</summary>
    public Race? Race { get; init; }

    /// <summary>What a limit left out of it, in one sentence, or null if nothing.</summary>
    public string? LeftOut { get; init; }

    /// <summary>How well the earlier searches that the search starts from rank the sides that are scored when the stage ends; empty before, and without any.</summary>
    public IReadOnlyList<EarlierCorrelation> Earlier { get; init; } = [];

    /// <summary>The record of a stage at its start.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="designs">The designs of each option; empty if the stage runs no trials.</param>
    /// <param name="given">The decisions of earlier stages.</param>
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

    /// <summary>The <see cref="Earlier"/> of the last stage that has any.</summary>
    /// <param name="stages">The stages in order.</param>
    public static IReadOnlyList<EarlierCorrelation> LastEarlier(IReadOnlyList<StageRecord> stages) => stages.LastOrDefault(stage => stage.Earlier.Count > 0)?.Earlier ?? [];

    /// <summary>Whether it compares options, but no design of any option fits the budget.</summary>
    public bool IsInfeasible => Compares && Options.Count > 0 && Options.All(option => option.Designs == 0);

    /// <summary>Rejects a stage without a design that fits the budget, unless the stage may be infeasible.</summary>
    /// <param name="problem">The problem, for the message.</param>
    /// <exception cref="InvalidDataException">No design of any option fits the budget.</exception>
    public void RequireFeasible(SearchProblem problem)
    {
        if (MayBeInfeasible || !IsInfeasible) return;
        throw new InvalidDataException($"study {problem.Study.Name}: no design of stage {Name} fits the budget of {problem.Budget}: "
            + $"{Options.FirstOrDefault(option => option.Reason is not null)?.Reason ?? "no design was drawn"}; raise 'budget'");
    }

    /// <inheritdoc/>
    public bool Equals(StageRecord? other) => other is not null && Name == other.Name && Compares == other.Compares && Options.SequenceEqual(other.Options)
        && IsDecided == other.IsDecided && Chosen == other.Chosen && MayBeInfeasible == other.MayBeInfeasible && IsFinalComparison == other.IsFinalComparison
        && IsRefit == other.IsRefit && LeftOut == other.LeftOut && Race == other.Race && Earlier.SequenceEqual(other.Earlier);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Options.Count, IsDecided, Chosen);
}
