namespace Spindle.Metrics.Bleu;

/// <summary>BLEU and what it is made of.</summary>
/// <param name="Score">From 0 to 100.</param>
/// <param name="Precisions">The precision of runs of 1, 2, 3 and 4 tokens, each from 0 to 100.</param>
/// <param name="BrevityPenalty">From 0 to 1.</param>
/// <param name="Length">The tokens that were written.</param>
/// <param name="ReferenceLength">The tokens that were to be written.</param>
/// <param name="Signature">How it was computed, as sacreBLEU signs it.</param>
public sealed record BleuScore(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, int Length, int ReferenceLength, string Signature);
