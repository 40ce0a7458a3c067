using Spindle.Metrics.LinearModels;

namespace Spindle.Search.Explanations;

/// <summary>How much a level of a factor moves the score, other choices and conditions being equal.</summary>
/// <param name="Level">The level.</param>
/// <param name="IsAgainstNone">Whether it is the difference between a strategy in every tuned layer and in none; otherwise that between the level and the mean of its factor's levels.</param>
/// <param name="Points">The effect in points.</param>
/// <param name="Designs">The designs with this level.</param>
/// <param name="CorrectedProbability">The p-value after Holm's correction for all main effects.</param>
public sealed record MainEffect(FactorLevel Level, bool IsAgainstNone, ContrastEstimate Points, int Designs, double CorrectedProbability);

/// <summary>How much more a strategy in every tuned layer moves the score where another choice is made too than elsewhere.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Other">The other choice: a strategy in the same layers, a learning rate or a set of tuned groups.</param>
/// <param name="Points">The effect in points, beyond both main effects.</param>
/// <param name="Designs">The designs that make both choices.</param>
/// <param name="CorrectedProbability">The p-value after Holm's correction for all interactions that were tried.</param>
public sealed record InteractionEffect(FactorLevel Strategy, FactorLevel Other, ContrastEstimate Points, int Designs, double CorrectedProbability);
