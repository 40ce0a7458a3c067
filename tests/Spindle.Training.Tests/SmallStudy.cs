using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Tests;
using Spindle.Training.Trials;

namespace Spindle.Training.Tests;

/// <summary>The embedded backbone on a handful of short rows: a trial takes about a second.</summary>
internal static class SmallStudy
{
    public const int TrainRows = 48;
    public const int ValidationRows = 40;
    public const string Builtin = "builtin/similarity";

    public static TrainingSettings Training { get; } = new()
    {
        LearningRate = 2e-3,
        FullLearningRate = 2e-4,
        MaxLength = 24,
        TrainLimit = TrainRows,
        ValidationLimit = ValidationRows,
    };

    /// <summary>GLUE's folder; the test is skipped where it is absent.</summary>
    public static string Glue => SharedFiles.BesideFixtures("data", "glue_data");

    public static Study Of(TrainingSettings? training = null, string? data = null, int seed = 3) =>
        new("small", "minilm-l6", [Builtin], data, Budget.Parse("0.5%"), new(), training ?? Training, new() { Seed = seed });

    public static TrialRunner Runner(TrainingSettings? training = null, string? data = null, int seed = 3) =>
        new(Of(training, data, seed), TaskCatalogue.Default, StrategyRegistry.Default);

    public static TrialRequest Request(string strategies, string task = Builtin, int seed = 11, int epochs = 1, string? folder = null) =>
        new(strategies == "full" ? new TuningPlan.Full() : new TuningPlan.Designed(Design.Uniform(new(strategies.Split('+')), 6)), task, seed, epochs, folder);

    public static TrialOutcome Run(this TrialRunner runner, TrialRequest request) => runner.Run(request, null, TestContext.Current.CancellationToken);
}
