using Spindle.Search.Stages;

namespace Spindle.Search.Storage;

/// <summary>A stage as a store keeps it: written when it begins, and again when it is decided.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Compares">Whether it runs trials; a stage with one option only does not.</param>
/// <param name="Options">Its options in order.</param>
/// <param name="IsDecided">Whether it is decided.</param>
/// <param name="Chosen">The option that is kept; null until it is decided, and where none can be.</param>
public sealed record StageRecord(string Name, bool Compares, IReadOnlyList<OptionRecord> Options, bool IsDecided, string? Chosen)
{
    /// <summary>The record of a stage that begins.</summary>
    public static StageRecord Of(Stage stage, IReadOnlyList<OptionDraw> draws) => new(
        stage.Name,
        stage.Compares,
        [.. stage.Options.Select((option, index) => draws.Count == 0
            ? new OptionRecord(option.Name, option.Description, option.Exact, 0, 0, 0, null)
            : new OptionRecord(
                option.Name,
                option.Description,
                option.Exact,
                draws[index].Designs.Count,
                draws[index].Infeasible,
                draws[index].Duplicates,
                draws[index].IsFeasible ? null : draws[index].Reason))],
        false,
        null);
}

/// <summary>An option of a stage as a store keeps it.</summary>
/// <param name="Name">The option's name.</param>
/// <param name="Description">The option in more words.</param>
/// <param name="Exact">False where the option only comes near to what its name says.</param>
/// <param name="Designs">Designs drawn for it.</param>
/// <param name="Infeasible">Draws that did not fit the budget and were drawn again.</param>
/// <param name="Duplicates">Draws that repeated one and were drawn again.</param>
/// <param name="Reason">Why no design of it fits the budget, or null where one does.</param>
public sealed record OptionRecord(string Name, string Description, bool Exact, int Designs, int Infeasible, int Duplicates, string? Reason);
