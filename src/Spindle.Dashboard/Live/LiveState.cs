using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Dashboard.Live;

/// <summary>Where a search stands, several times a second.</summary>
/// <param name="Study">The study's name, or null before the search has started.</param>
/// <param name="Facts">Backbone, budget and tasks in one sentence.</param>
/// <param name="Tasks">The tasks' names.</param>
/// <param name="IsRunning">Whether a search runs on the store.</param>
/// <param name="IsPaused">Whether it was paused.</param>
/// <param name="IsStopping">Whether it was asked to stop, and has not ended yet.</param>
/// <param name="Limit">The study's limit in time as its file has it, or null where it has none.</param>
/// <param name="ExtraMinutes">The minutes that were added to it.</param>
/// <param name="StartObstacle">Why no search can be started, or null if one can.</param>
/// <param name="Failure">Why the search that was started here has failed, or why the store cannot be read; null for neither.</param>
/// <param name="Stages">The stages so far, in order.</param>
/// <param name="Progress">The progress of the current stage, or null before the first.</param>
/// <param name="Running">The running trials.</param>
/// <param name="Changes">Changes when the list of trials may have changed.</param>
internal sealed record LiveState(
    string? Study,
    string Facts,
    IReadOnlyList<string> Tasks,
    bool IsRunning,
    bool IsPaused,
    bool IsStopping,
    string? Limit,
    double ExtraMinutes,
    string? StartObstacle,
    string? Failure,
    IReadOnlyList<StageProgress> Stages,
    ProgressView? Progress,
    IReadOnlyList<RunningTrial> Running,
    string Changes);

/// <summary>A stage and its trials.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="IsDecided">Whether it is decided.</param>
/// <param name="Chosen">What was chosen, or null.</param>
/// <param name="Done">Finished trials.</param>
/// <param name="Trials">All trials so far.</param>
/// <param name="Options">The names of its options.</param>
internal sealed record StageProgress(string Name, bool IsDecided, string? Chosen, int Done, int Trials, IReadOnlyList<string> Options);

/// <summary>How fast the search is.</summary>
/// <param name="Done">Finished trials.</param>
/// <param name="Trials">Trials so far; later stages add more.</param>
/// <param name="Failed">Trials that could not be run.</param>
/// <param name="RowsPerSecond">Rows trained on per second, or null at first.</param>
/// <param name="SecondsLeft">Estimated seconds for the trials so far, or null at first.</param>
internal sealed record ProgressView(int Done, int Trials, int Failed, double? RowsPerSecond, double? SecondsLeft)
{
    /// <summary>The view of a search's progress.</summary>
    public static ProgressView Of(SearchProgress progress, IReadOnlyList<OptionCount> counts) =>
        new(progress.Done, progress.Trials, counts.Sum(count => count.Failed), Rounded(progress.ExamplesPerSecond), Rounded(progress.TimeLeft?.TotalSeconds));

    private static double? Rounded(double? value) => value is { } number && double.IsFinite(number) ? Math.Round(number) : null;
}

/// <summary>A trial that runs.</summary>
/// <param name="Id">The trial's number.</param>
/// <param name="Key">The trial in words.</param>
/// <param name="Worker">Its worker.</param>
/// <param name="Started">When it started.</param>
/// <param name="Heard">When its worker last sent a heartbeat.</param>
/// <param name="Examples">The rows trained on so far.</param>
/// <param name="Losses">The training loss so far.</param>
/// <param name="EpochScores">The score after each epoch so far that was scored.</param>
internal sealed record RunningTrial(long Id, string Key, string? Worker, DateTimeOffset? Started, DateTimeOffset? Heard, long Examples, IReadOnlyList<LossPoint> Losses, IReadOnlyList<double> EpochScores)
{
    /// <summary>The view of a running trial.</summary>
    public static RunningTrial Of(Trial trial, IReadOnlyList<LossPoint> losses) =>
        new(trial.Id, trial.Spec.Key.ToString(), trial.Worker, trial.Started, trial.Heard, trial.Examples, losses, [.. trial.EpochScores.Where(double.IsFinite)]);
}
