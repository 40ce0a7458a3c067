using Spindle.Models.Backbones;

namespace Spindle.Models.Heads;

/// <summary>What a model reads: one sequence a row, or the two sentences of a pair apart.</summary>
/// <param name="First">The sequences, or the first sentences.</param>
/// <param name="Second">The second sentences where they are sequences of their own, or null.</param>
public sealed record ModelInput(TokenBatch First, TokenBatch? Second);
