namespace Spindle.Metrics.Bleu;

/// <summary>BLEU and its components.</summary>
/// <param name="Score">From 0 to 100.</param>
/// <param name="Precisions">The precisions of 1-grams to 4-grams, each from 0 to 100.</param>
/// <param name="BrevityPenalty">From 0 to 1.</param>
/// <param name="Length">The number of generated tokens.</param>
/// <param name="ReferenceLength">The number of reference tokens.</param>
/// <param name="Signature">The signature in sacreBLEU's format.</param>
public sealed record BleuScore(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, int Length, int ReferenceLength, string Signature);
