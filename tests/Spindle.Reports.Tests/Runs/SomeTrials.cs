using Spindle.Designs.Plans;
using Spindle.Search.Trials;

namespace Spindle.Reports.Tests.Runs;

/// <summary>Trials made by hand.</summary>
internal static class SomeTrials
{
    private static readonly DateTimeOffset Began = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

    /// <summary>A trial of each kind: with a curve, without an epoch, diverged, failed, waiting, and one that wrote weights again.</summary>
    public static Trial[] All { get; } =
    [
        Of(1, "rung 1", "lora at 0.001", TrialState.Completed, new(84.25, new Dictionary<string, double> { ["accuracy"] = 0.8425, ["f1"] = double.NaN, ["bleu (new/test)"] = 0.5 }, [70.5, 80, 84.25], 1_000, 770, 480, 12.5, null) { Validation = 82.5, Test = 81, MillisecondsPerRow = 1.5 }),
        Of(2, "Final", "untrained", TrialState.Completed, new(50, new Dictionary<string, double> { ["accuracy"] = 0.5 }, [], 0, 770, 0, 0.5, null), new TuningPlan.Sized(null, [])),
        Of(3, "rung 1", "full", TrialState.Diverged, new(50, new Dictionary<string, double>(), [60, double.NaN], 22, 770, 16, 2, "the loss is not a number"), new TuningPlan.Full()),
        Of(4, "rung 1", "pre|fix", TrialState.Failed, null) with { Failure = "no memory:\nnone is left" },
        Of(5, "rung 1", "lora", TrialState.Pending, null),
        Of(6, TrialKey.WeightsStage, "lora", TrialState.Completed, new(84, new Dictionary<string, double>(), [84], 1, 1, 1, 1, null)),
    ];

    /// <summary>A trial of three epochs of which only the last was scored.</summary>
    public static Trial LastEpochOnly => All[0] with { Outcome = All[0].Outcome! with { EpochScores = [84.25] } };

    /// <summary>The training loss of the first trial; the others have none.</summary>
    public static IReadOnlyList<LossPoint> Losses(long id) => id == 1 ? [new(160, 0.75), new(480, 0.5)] : [];

    /// <summary>The trials that are runs.</summary>
    public static Trial[] Runs => [.. All.Take(4)];

    private static Trial Of(int id, string stage, string option, TrialState state, TrialOutcome? outcome, TuningPlan? plan = null) => new(
        id,
        new(new(stage, option, id, "builtin/sentiment", outcome?.EpochScores.Count ?? 1, 7 * id) { LearningRate = id == 1 ? 1e-3 : null, Given = "3 epochs" }, plan ?? new TuningPlan.Sized(null, [new(0, [new("lora", 8, 900), new("bitfit", 1, 100)])])),
        state)
    {
        Outcome = outcome,
        Failure = outcome?.Failure,
        Added = Began,
        Started = Began.AddSeconds(id),
        Ended = state == TrialState.Pending ? null : Began.AddSeconds(id + 30),
    };
}
