namespace Spindle.Metrics.Chrf;

/// <summary>chrF and its signature.</summary>
/// <param name="Score">From 0 to 100.</param>
/// <param name="Signature">The signature in sacreBLEU's format.</param>
public readonly record struct ChrfScore(double Score, string Signature);
