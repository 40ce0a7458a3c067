using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>The progress of a search.</summary>
/// <param name="Stage">The name of the current stage.</param>
/// <param name="Option">The first option with unfinished trials, or null.</param>
/// <param name="StageDone">Finished trials of the stage.</param>
/// <param name="StageTrials">All trials of the stage.</param>
/// <param name="Done">Finished trials of the search.</param>
/// <param name="Trials">The estimated number of trials of the whole search.</param>
/// <param name="Running">Trials that are running.</param>
/// <param name="ExamplesPerSecond">Rows trained on per second, over the last seconds; null at first.</param>
/// <param name="Best">The best option of the stage among those whose trials have all finished, and its mean in points; null if there is none.</param>
/// <param name="TimeLeft">The estimated remaining time; null at first.</param>
public sealed record SearchProgress(
    string Stage,
    string? Option,
    int StageDone,
    int StageTrials,
    int Done,
    int Trials,
    int Running,
    double? ExamplesPerSecond,
    BestOption? Best,
    TimeSpan? TimeLeft)
{
    /// <summary>What a limit in time is expected to allow, once the first trial has shown the speed; null otherwise.</summary>
    public string? Outlook { get; init; }

    /// <summary>The expected number of rungs, where the stage is a rung; null otherwise.</summary>
    public int? Rungs { get; init; }

    /// <summary>The number of workers.</summary>
    public int Workers { get; init; }

    /// <summary>The best options of the stage so far, from the best to the worst. Those that a race dropped, and those without a design that was scored on every task, are left out.</summary>
    public IReadOnlyList<LeadingOption> Leaders { get; init; } = [];

    /// <summary>What the end of the stage's present trials will decide, in a few words: <c>9 of 23 candidates enter the next rung</c>; null if nothing.</summary>
    public string? Decision { get; init; }

    /// <summary>The estimated time until then; null at first.</summary>
    public TimeSpan? StageTimeLeft { get; init; }

    /// <summary>The trials of this run that have ended since the last report, in the order in which they ended.</summary>
    public IReadOnlyList<Trial> Ended { get; init; } = [];

    /// <summary>How well each earlier search that the search starts from ranks the sides that have been scored; empty before the first rung has ended, and without any.</summary>
    public IReadOnlyList<EarlierCorrelation> Earlier { get; init; } = [];

    /// <summary>Whether it was paused, see <see cref="SearchControl.IsPaused"/>.</summary>
    public bool IsPaused { get; init; }
}

/// <summary>The best option so far.</summary>
/// <param name="Option">Its name.</param>
/// <param name="Mean">Its mean in points.</param>
public sealed record BestOption(string Option, double Mean);

/// <summary>An option that leads its stage, with what is known of it so far.</summary>
/// <param name="Option">Its name.</param>
/// <param name="Designs">Its designs, or its seeds in the final comparison, that were scored on every task.</param>
/// <param name="Mean">Their mean in points.</param>
/// <param name="Lower">The lower end of the mean's 95% interval over designs, as far as scores go down; null for fewer than two.</param>
/// <param name="Upper">The upper end of that interval.</param>
public sealed record LeadingOption(string Option, int Designs, double Mean, double? Lower, double? Upper);
