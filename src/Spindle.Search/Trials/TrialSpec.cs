using Spindle.Designs.Budgets;

namespace Spindle.Search.Trials;

/// <summary>A trial that a search wants.</summary>
/// <param name="Key">What it is for.</param>
/// <param name="Plan">What is trained.</param>
/// <param name="Solution">The design's sizes, or null for full fine-tuning.</param>
/// <param name="Seed">The trial's seed.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="KeepTuned">Whether the tuned weights are kept.</param>
public sealed record TrialSpec(TrialKey Key, TuningPlan Plan, BudgetSolution? Solution, int Seed, int Epochs, bool KeepTuned = false);
