namespace Spindle.Metrics;

/// <summary>The result of a test.</summary>
/// <param name="Statistic">The test's statistic.</param>
/// <param name="Probability">The two-sided p-value.</param>
public sealed record TestResult(double Statistic, double Probability);
