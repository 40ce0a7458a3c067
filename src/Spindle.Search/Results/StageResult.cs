namespace Spindle.Search.Results;

/// <summary>What a stage found.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Options">Its options in order.</param>
/// <param name="IsDecided">Whether it is decided.</param>
/// <param name="Chosen">The option that was kept; null until it is decided.</param>
/// <param name="Compares">False where there was one option only, and so nothing to train: a group that stage S3 leaves untuned has the option
/// <c>none</c> alone.</param>
public sealed record StageResult(string Name, IReadOnlyList<OptionResult> Options, bool IsDecided, string? Chosen, bool Compares)
{
    /// <summary>The best option that was not kept, or null where there is none with a mean.</summary>
    public OptionResult? Second => Options.Where(option => option.Name != Chosen && option.Mean is not null).MaxBy(option => option.Mean);

    /// <summary>The option that was kept, or null.</summary>
    public OptionResult? Winner => Options.FirstOrDefault(option => option.Name == Chosen);

    /// <summary>Whether the winner leads the second by more than the standard error of their difference, √(e₁² + e₂²); null where there is no second, or
    /// no standard error because an option has one design.</summary>
    public bool? IsCertain => Winner is { Mean: { } first, StandardError: { } e1 } && Second is { Mean: { } second, StandardError: { } e2 }
        ? first - second > Math.Sqrt(e1 * e1 + e2 * e2)
        : null;
}

/// <summary>What an option of a stage scored.</summary>
/// <param name="Name">The option's name.</param>
/// <param name="Description">The option in more words.</param>
/// <param name="Exact">False where the option only comes near to what its name says.</param>
/// <param name="Trials">Trials that have ended.</param>
/// <param name="Failed">Those of them without a score; they count as 0 points.</param>
/// <param name="Designs">Designs with all tasks ended.</param>
/// <param name="Mean">The mean over these designs and tasks in points; null where there is none.</param>
/// <param name="StandardError">Of the mean, over designs; null below two.</param>
/// <param name="Infeasible">Draws that did not fit the budget and were drawn again.</param>
/// <param name="Reason">Why no design fits the budget, or null where one does.</param>
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
