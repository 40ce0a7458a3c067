using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Search.Explanations;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Reports.Tests;

/// <summary>Results made by hand.</summary>
internal static class Results
{
    private static readonly StudyRecord Study = new(
        "glue | tiny", "study: glue", "minilm-l6", 22_713_216, 113_566, [new("sst2", 50.9), new("builtin/similarity", 0)], "exhaustive", 2, 3, 5, 3);

    private static readonly Design Design = new(
        LayerGrouping.Of(GroupingPattern.Spindle, 6, 4),
        Allocation.Of(AllocationPattern.Uniform, 6),
        new([new("adapter", "lora"), StrategySet.Empty, new("bitfit"), new("prefix")]));

    private static readonly TuningPlan.Sized Solution = new(
        Design, [new(0, [new("adapter", 20, 50_000), new("lora", 8, 40_000)]), new(3, [new("bitfit", 1, 3_000)]), new(5, [new("prefix", 4, 3_072)])]);

    /// <summary>A search that has ended.</summary>
    public static StudyResult Complete => new(
        Study,
        [
            new("S0", [Option("unconstrained", 60, 1.5)], true, "unconstrained", true),
            new("S1", [Option("spindle", 70.125, 0.5), Option("uniform", 69.9, 0.75, exact: false)], true, "spindle", true),
            new("S4.G2", [new("none", "none", true, 0, 0, 0, null, null, 0, null)], true, "none", false),
        ],
        true,
        Solution,
        Side("found", 96_072, 80, 81, 82.5),
        [Side("lora", 110_592, 79, 80.5, 81), Side("bitfit", 20_000, 70, 71, 72), Side("full", 22_713_216, 84, 85, 87)],
        48,
        1,
        14_400,
        3_723,
        ["S1: not certain"],
        ["a worker died"])
    {
        Rows =
        [
            new("lora", null, 1_649, 3, new(1, 0.24, -0.7, 2.6), 0.25),
            new("lora", "sst2", 872, 3, new(2.5, 0.012, 0.5, 4.5), 0.0123),
            new("lora", "builtin/similarity", 777, 3, new(-0.5, 0.6, -2, 1), 0.6),
            new("full", null, 1_649, 3, new(-4.17, 0.001, -6, -2), 0.0005),
        ],
    };

    /// <summary>A search whose first choice is certain and whose second is not, with a baseline that was compared over seeds and rows.</summary>
    public static StudyResult Tested => Complete with
    {
        Stages =
        [
            new("S1", [Option("spindle", 75, 0.5) with { ProbabilityOfBest = 0.9991 }, Option("uniform", 69, 0.75) with { ProbabilityOfBest = 0.0009 }], true, "spindle", true) { CorrectedProbability = 0.0036 },
            new("S2", [Option("uniform", 71, 0.5) with { ProbabilityOfBest = 0.75 }, Option("increasing", 70, 0.75) with { ProbabilityOfBest = 0.25 }], true, "uniform", true) { CorrectedProbability = 0.5 },
        ],
        Rows = [Complete.Rows[0] with { SeedsAndRows = new(1, 0.4, -1.5, 3.5) }, Complete.Rows[3]],
    };

    /// <summary>A search whose stages were races: one with a certain choice, one without.</summary>
    public static StudyResult Raced => Complete with
    {
        Stages =
        [
            new("S1", [Option("spindle", 75, 0.5), Option("uniform", 69, 0.75) with { Dropped = new(2, 0.0123) }], true, "spindle", true) { CorrectedProbability = 0.0123, Race = new(RaceEnd.OneLeft, 0.0123) },
            new("S2", [Option("uniform", 71, 0.5) with { ProbabilityOfBest = 0.75, Reused = 1 }, Option("increasing", 70.9, 0.75) with { ProbabilityOfBest = 0.25 }], true, "uniform", true)
            {
                CorrectedProbability = 1,
                Race = new(RaceEnd.Equal, 1),
            },
        ],
    };

    /// <summary>A search of which it is known what moved the score: the winner, which was found, uses lora in half of its layers, and no adapter.</summary>
    public static StudyResult Explained => Complete with
    {
        Explanation = new(
            78,
            120,
            [
                Effect(Factor.Grouping, "spindle", 0.8, 0.2, 21, 0.004),
                Effect(Factor.Grouping, "uniform", -0.8, 0.2, 57, 0.004),
                Effect(Factor.TunedGroups, "all", 0.1, 0.2, 40, 1),
                Effect(Factor.TunedGroups, "G1", -0.1, 0.2, 38, 1),
                Effect(Factor.Strategy, "adapter", -2, 0.4, 30, 0.0001) with { IsAgainstNone = true },
                Effect(Factor.Strategy, "lora", 1.3, 0.45, 42, 0.02) with { IsAgainstNone = true },
                Effect(Factor.Strategy, "prefix", -0.5, 0.45, 39, 0.9) with { IsAgainstNone = true },
            ],
            [
                new(new(Factor.Strategy, "lora"), new(Factor.TunedGroups, "all"), new(1.5, 0.4, 60), 20, 0.01),
                new(new(Factor.Strategy, "adapter"), new(Factor.Strategy, "prefix"), new(-0.25, 0.5, 60), 12, 1),
            ],
            36,
            [
                new(new("rung 1", 1, 512, 1), new("rung 2", 2, null, 1), 60, new(30, 0.7, 0.4123, 0.85)),
                new(new("rung 2", 2, null, 1), new("Final", 5, null, 3), 6, new(6, 0.5, -0.6, 0.95)),
            ],
            new Dictionary<string, DesignChoices>
            {
                ["found"] = new([new(Factor.Grouping, "spindle"), new(Factor.Allocation, "uniform"), new(Factor.TunedGroups, "all"), new(Factor.LearningRate, "0.001"), new(Factor.Settings, "none")],
                    new Dictionary<string, double> { ["lora"] = 0.5, ["prefix"] = 1 }),
                ["lora"] = new([new(Factor.Grouping, "uniform"), new(Factor.TunedGroups, "G1")], new Dictionary<string, double> { ["lora"] = 1 }),
            },
            null),
    };

    private static MainEffect Effect(Factor factor, string level, double points, double error, int designs, double probability) => new(new(factor, level), false, new(points, error, 60), designs, probability);

    /// <summary>A search that measured what its sides cost to use.</summary>
    public static StudyResult Measured => Complete with
    {
        Found = Complete.Found! with { HeadParameters = 1_538, RemainingParameters = 53_072, MillisecondsPerRow = 1.23456, ScoringBatch = 32 },
        Baselines = [Complete.Baselines[0] with { HeadParameters = 1_538, RemainingParameters = 0, MillisecondsPerRow = 0.98765, ScoringBatch = 32 }, .. Complete.Baselines.Skip(1)],
    };

    /// <summary>A search whose own rows selected a strategy alone, within one standard error of a smaller one.</summary>
    public static StudyResult Selected => Complete with
    {
        Study = Study with { Tasks = [.. Study.Tasks.Select(task => task with { TrainingRows = 800, AllRows = 1_000 })] },
        Baselines =
        [
            Side("lora", 110_592, 82, 83, 84) with { Validation = 80, Test = 79, ProbabilityOfBest = 0.75 },
            Side("bitfit", 20_000, 81.5, 82.7, 83.8) with { Validation = 81, Test = 80, ProbabilityOfBest = 0.2 },
            Complete.Baselines[2],
        ],
        Rows = [],
    };

    /// <summary>A search in its second stage.</summary>
    public static StudyResult Partial => Complete with
    {
        Stages =
        [
            Complete.Stages[0],
            new("S1", [Option("spindle", 70.125, null), new("uniform", "uniform", true, 0, 0, 0, null, null, 0, null)], false, null, true),
        ],
        IsComplete = false,
        Plan = null,
        Found = null,
        Baselines = [],
        Rows = [],
        Warnings = [],
        Notes = [],
        Trials = 6,
    };

    public static FinalResult Side(string name, long trained, params double[] seeds) => new(
        name,
        trained,
        seeds.Select((mean, seed) => (mean, seed)).ToDictionary(pair => pair.seed, pair => pair.mean),
        new OrderedDictionary<string, double> { ["sst2"] = seeds.Average() + 5, ["builtin/similarity"] = seeds.Average() - 5 },
        2 * seeds.Length,
        0,
        null)
    {
        // only one task varies with the seed
        SeedScores = new Dictionary<string, IReadOnlyDictionary<int, double>>
        {
            ["sst2"] = seeds.Index().ToDictionary(seed => seed.Index, seed => seeds.Average() + 5 + 2 * (seed.Item - seeds.Average())),
            ["builtin/similarity"] = seeds.Index().ToDictionary(seed => seed.Index, _ => seeds.Average() - 5),
        },
        Role = name switch { "found" => OptionRole.Found, "full" => OptionRole.FullFineTuning, _ => OptionRole.Baseline },
    };

    private static OptionResult Option(string name, double mean, double? error, bool exact = true) =>
        new(name, exact ? name : name + " 1-2-1-2 (nearest)", exact, 4, 0, 2, mean, error, 0, null);
}
