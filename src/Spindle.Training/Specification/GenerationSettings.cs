namespace Spindle.Training.Specification;

/// <summary>How a model generates text.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
/// <param name="Beams">Beams; 1 decodes greedily.</param>
public sealed record GenerationSettings(int MaxLength, int Beams);
