using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Tests.Baselines;
using Spindle.Training.Trials;

namespace Spindle.Training.Tests;

public class BuiltinDifficultyTests(ITestOutputHelper output)
{
    private const double LeastLead = 10;
    private const double Perfect = 99.5;

    [Theory(Explicit = true)]
    [InlineData("builtin/acceptability")]
    [InlineData("builtin/sentiment")]
    [InlineData("builtin/entailment")]
    [InlineData("builtin/similarity")]
    public void The_fine_tuned_backbone_leads_the_word_baseline_by_ten_points_and_is_not_perfect(string task)
    {
        var study = new Study("difficulty", "minilm-l6", [task], null, Budget.Parse("0.5%"), new(),
            new() { Threads = Environment.ProcessorCount, Precision = Precision.BFloat16 }, new() { Seed = 1 });
        using var runner = new TrialRunner(study, TaskCatalogue.Default, StrategyRegistry.Default);
        var plan = new TuningPlan.Designed(Design.Uniform(new StrategySet("lora"), runner.Shape.Layers.Count));
        var tuned = runner.Run(new(plan, task, Seed: 1, study.Training.Epochs), null, TestContext.Current.CancellationToken).Score!.Value;
        var words = WordBaseline.Score(TaskCatalogue.Default.Load(task, null));
        output.WriteLine($"{task}: words {words:F1}, LoRA at 0.5% {tuned:F1}");
        Assert.True(tuned >= words + LeastLead, $"{tuned:F1} points where words alone give {words:F1}");
        Assert.True(tuned < Perfect, $"{tuned:F1} points leave nothing to tell designs apart");
    }
}
