using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Studies;

namespace Spindle.Benchmarks.Recording.Candidates;

/// <summary>What the recorded trials have in common: backbone, tasks, space, budget and learning rates.</summary>
internal static class RecordedStudy
{
    /// <summary>The backbone.</summary>
    public const string Backbone = "minilm-l6";

    /// <summary>Passes over the training rows of every trial.</summary>
    public const int Epochs = 3;

    /// <summary>The learning rate of the head in every trial.</summary>
    public const double HeadRate = 1e-3;

    /// <summary>The tasks of GLUE, all of which leave chance on this backbone.</summary>
    public static IReadOnlyList<string> Tasks { get; } = ["sst2", "stsb", "qqp", "qnli"];

    /// <summary>The learning rates of every side, the middle one first.</summary>
    public static IReadOnlyList<double> Rates { get; } = [2e-3, 1e-3, 4e-3];

    /// <summary>The further learning rates of single strategies.</summary>
    public static IReadOnlyList<double> ExtremeRates { get; } = [5e-4, 8e-3];

    /// <summary>The strategies with the variants of the space.</summary>
    public static StrategyRegistry Strategies { get; } = StrategyRegistry.Default.Configure(DefaultStrategies.Variants);

    /// <summary>The space: three groups, as in the studies that <c>tune</c> plans, because six layers in four groups cannot take every pattern exactly.</summary>
    public static SpaceSettings Space { get; } = new() { Groups = 3, Strategies = ["adapter", "prefix", "bitfit", "lora", "lora-all", "parallel"] };

    /// <summary>The study that designs are drawn for.</summary>
    public static SearchStudy Study { get; } = new()
    {
        Name = "recorded",
        Backbone = Backbone,
        Tasks = Tasks,
        Budget = Budget.Default,
        Space = Space,
        Epochs = Epochs,
        LearningRates = [.. Rates.Order().Select(rate => new LearningRate(rate, rate / 10, rate == Rates[0]))],
        HeadRateIsFixed = true,
        Search = new() { Baselines = [BaselineNames.Head, BaselineNames.Paper, BaselineNames.All] },
    };

    /// <summary>The problem on a backbone's shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="costs">The costs of <see cref="Strategies"/>.</param>
    public static SearchProblem Problem(BackboneShape shape, StrategyCosts costs) => SearchProblem.Of(Study, shape, costs, task => new(task, 0));
}
