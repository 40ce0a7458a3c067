namespace Spindle.Models.Interop;

/// <summary>The meaning of a classifier's logits.</summary>
/// <param name="Names">A name for each logit.</param>
/// <param name="Regression">Whether the one logit is a value.</param>
public sealed record ClassifierLabels(IReadOnlyList<string> Names, bool Regression);
