namespace Spindle.Models.Interop;

/// <summary>What a head answers.</summary>
/// <param name="Labels">A label for each logit; empty where it answers with a value.</param>
/// <param name="Pairs">Whether it reads two texts.</param>
/// <param name="Minimum">The value of a logit of −1; 0 for labels.</param>
/// <param name="Maximum">The value of a logit of 1; 0 for labels.</param>
public sealed record HeadAnswers(IReadOnlyList<string> Labels, bool Pairs, double Minimum, double Maximum);
