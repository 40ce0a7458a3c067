using Spindle.Search.Storage;

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

    /// <summary>Whether it was paused, see <see cref="SearchControl.IsPaused"/>.</summary>
    public bool IsPaused { get; init; }
}

/// <summary>The best option so far.</summary>
/// <param name="Option">Its name.</param>
/// <param name="Mean">Its mean in points.</param>
public sealed record BestOption(string Option, double Mean);
