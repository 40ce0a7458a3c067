namespace Spindle.Search.Studies;

/// <summary>One of the learning rates that are tried.</summary>
/// <param name="OfStrategies">The rate of strategies.</param>
/// <param name="OfFull">The rate of full fine-tuning that is tried in its place.</param>
/// <param name="IsBase">Whether it is the study's own rate, which is tried first.</param>
public sealed record LearningRate(double OfStrategies, double OfFull, bool IsBase);
