namespace Spindle.Models.Interop;

/// <summary>What a classifier's logits mean.</summary>
/// <param name="Names">A name for each logit.</param>
/// <param name="Regression">Whether the one logit is a value.</param>
public sealed record ClassifierLabels(IReadOnlyList<string> Names, bool Regression);
