namespace Spindle.Metrics.LinearModels;

/// <summary>One observation of a linear model.</summary>
/// <param name="Value">The observed value.</param>
/// <param name="Group">The group whose random effect it has: observations of the same thing under other conditions have the same group.</param>
/// <param name="Weight">How many independent measurements the value is the mean of, above 0.</param>
/// <param name="Terms">The columns in which it is not zero, each at most once.</param>
public sealed record Observation(double Value, int Group, double Weight, IReadOnlyList<Term> Terms);

/// <summary>An entry of a sparse vector.</summary>
/// <param name="Column">The zero-based column.</param>
/// <param name="Value">The value.</param>
public readonly record struct Term(int Column, double Value);

/// <summary>The columns of a linear model, in this order.</summary>
/// <param name="Controls">Columns that are fitted, and of which nothing is asked, such as a column of ones or one for each block.</param>
/// <param name="Explained">Columns whose coefficients are estimated.</param>
/// <param name="Added">Columns that are not in the model, each of which can be added alone.</param>
public sealed record ModelColumns(int Controls, int Explained, int Added);
