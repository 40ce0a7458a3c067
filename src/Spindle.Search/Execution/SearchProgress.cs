namespace Spindle.Search.Execution;

/// <summary>How far a search is.</summary>
/// <param name="Stage">The name of the stage that is under way.</param>
/// <param name="Option">The first option that has trials left, or null.</param>
/// <param name="StageDone">Ended trials of the stage.</param>
/// <param name="StageTrials">The stage's trials.</param>
/// <param name="Done">Ended trials of the search.</param>
/// <param name="Trials">About how many trials the search has in all.</param>
/// <param name="Running">Trials that run now.</param>
/// <param name="ExamplesPerSecond">Rows trained on each second, over the last seconds; null at first.</param>
/// <param name="Best">The best option of the stage among those of which all trials have ended, and its mean in points; null where there is none.</param>
/// <param name="TimeLeft">About how long the search still takes; null at first.</param>
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
    TimeSpan? TimeLeft);

/// <summary>The best option so far.</summary>
/// <param name="Option">Its name.</param>
/// <param name="Mean">Its mean in points.</param>
public sealed record BestOption(string Option, double Mean);
