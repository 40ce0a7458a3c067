namespace Spindle.Models.Tuning.BitFit;

/// <summary>The options of BitFit.</summary>
public sealed record BitFitOptions;
