namespace Spindle.Search.Results;

/// <summary>The result of a stage.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Options">The options in order.</param>
/// <param name="IsDecided">Whether the stage is decided.</param>
/// <param name="Chosen">The option that was kept; null until the stage is decided.</param>
/// <param name="Compares">False if there was only one option, and so nothing to train. A group that stage S3 leaves untuned has only the option
/// <c>none</c>.</param>
public sealed record StageResult(string Name, IReadOnlyList<OptionResult> Options, bool IsDecided, string? Chosen, bool Compares)
{
    /// <summary>The best option that was not kept, or null if none has a mean.</summary>
    public OptionResult? Second => Options.Where(option => option.Name != Chosen && option.Mean is not null).MaxBy(option => option.Mean);

    /// <summary>The option that was kept, or null.</summary>
    public OptionResult? Winner => Options.FirstOrDefault(option => option.Name == Chosen);

    /// <summary>Whether the winner leads the second by more than the standard error of their difference, √(e₁² + e₂²). Null if there is no second, or
    /// no standard error because an option has only one design.</summary>
    public bool? IsCertain => Winner is { Mean: { } first, StandardError: { } e1 } && Second is { Mean: { } second, StandardError: { } e2 }
        ? first - second > Math.Sqrt(e1 * e1 + e2 * e2)
        : null;
}

/// <summary>The result of an option of a stage.</summary>
/// <param name="Name">The option's name.</param>
/// <param name="Description">A longer description.</param>
/// <param name="Exact">False if the option is only the nearest to what its name says.</param>
/// <param name="Trials">Finished trials.</param>
/// <param name="Failed">Finished trials without a score; they count as 0 points.</param>
/// <param name="Designs">Designs whose tasks have all finished.</param>
/// <param name="Mean">The mean over these designs and tasks in points; null if there are none.</param>
/// <param name="StandardError">The standard error of the mean over designs; null for fewer than two.</param>
/// <param name="Infeasible">Draws that did not fit the budget and were repeated.</param>
/// <param name="Reason">Why no design fits the budget, or null if one does.</param>
public sealed record OptionResult(
    string Name,
    string Description,
    bool Exact,
    int Trials,
    int Failed,
    int Designs,
    double? Mean,
    double? StandardError,
    int Infeasible,
    string? Reason);
