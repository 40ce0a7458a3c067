namespace Spindle.Metrics.Chrf;

/// <summary>chrF and how it was computed.</summary>
/// <param name="Score">From 0 to 100.</param>
/// <param name="Signature">How it was computed, as sacreBLEU signs it.</param>
public readonly record struct ChrfScore(double Score, string Signature);
