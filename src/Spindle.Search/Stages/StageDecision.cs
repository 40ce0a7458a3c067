namespace Spindle.Search.Stages;

/// <summary>What a stage fixed.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Option">The name of the option that is kept; null where none could be chosen (only at S0, where no drawn design fits the budget).</param>
public sealed record StageDecision(string Stage, string? Option);
