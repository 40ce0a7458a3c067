using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Tuning;
using Spindle.Tests;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;

namespace Spindle.Training.Tests;

/// <summary>The embedded backbone on a handful of short rows: a training takes about a second.</summary>
internal static class SmallTuner
{
    public const int TrainRows = 48;
    public const int ValidationRows = 40;
    public const string Builtin = "builtin/similarity";

    private const string Backbone = "minilm-l6";

    public static TrainingSettings Training { get; } = new()
    {
        LearningRate = 2e-3,
        FullLearningRate = 2e-4,
        MaxLength = 24,
        TrainLimit = TrainRows,
        ValidationLimit = ValidationRows,
        Head = HeadKind.SentenceEncoder,
        HeadStart = HeadStart.Random,
        // the same on every machine, and close enough to the formulas that tests compare with
        Precision = Precision.Float32,
    };

    /// <summary>GLUE's folder; the test is skipped where it is absent.</summary>
    public static string Glue => SharedFiles.BesideFixtures("data", "glue_data");

    public static BackboneShape Shape { get; } = ShapeOf(Backbone);

    public static long Budget => Designs.Budgets.Budget.Parse("0.5%").For(Shape.Parameters);

    public static FineTuner Tuner(TrainingSettings? training = null, string? data = null, int seed = 3, StrategyRegistry? strategies = null, string backbone = Backbone) =>
        new(new(backbone) { Settings = training ?? Training, Data = data, RowSeed = seed, Strategies = strategies ?? StrategyRegistry.Default });

    /// <summary>A tuner that also takes learning rates that are not allowed, with which every model diverges.</summary>
    public static FineTuner Unchecked(TrainingSettings training) => new(new(Backbone) { Settings = training, RowSeed = 3 }, checksRanges: false);

    public static FineTuningRequest Request(string strategies, string task = Builtin, int seed = 11, int epochs = 1, string? folder = null, StrategyRegistry? registry = null) =>
        new(strategies == "full" ? new TuningPlan.Full() : Sized(strategies, registry ?? StrategyRegistry.Default), task, seed) { Epochs = epochs, Output = folder };

    public static FineTuningResult Train(this FineTuner tuner, FineTuningRequest request) => tuner.Run(request, null, TestContext.Current.CancellationToken);

    private static TuningPlan.Sized Sized(string strategies, StrategyRegistry registry) =>
        BudgetSolver.Solve(Design.Uniform(new(strategies.Split('+')), Shape.Layers.Count), Budget, Shape, registry.Costs).Require();

    private static BackboneShape ShapeOf(string name)
    {
        using var outline = BackboneCatalogue.Outline(name, new());
        return outline.Shape;
    }
}
