namespace Spindle.Training.Specification;

/// <summary>How a model generates text.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
/// <param name="Beams">The number of beams; 1 is greedy decoding.</param>
public sealed record GenerationSettings(int MaxLength, int Beams);
