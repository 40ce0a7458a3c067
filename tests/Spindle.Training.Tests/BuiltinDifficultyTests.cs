using Spindle.Data.Tasks;
using Spindle.Tests.Baselines;
using Spindle.Training.Settings;

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
        using var tuner = SmallTuner.Tuner(new() { Threads = Environment.ProcessorCount, Precision = Precision.Auto }, seed: 1);
        var tuned = tuner.Train(SmallTuner.Request("lora", task, seed: 1, epochs: new TrainingSettings().Epochs)).Score!.Value;
        var words = WordBaseline.Score(TaskCatalogue.Default.Load(task, null));
        output.WriteLine($"{task}: words {words:F1}, LoRA at 0.5% {tuned:F1}");
        Assert.True(tuned >= words + LeastLead, $"{tuned:F1} points where words alone give {words:F1}");
        Assert.True(tuned < Perfect, $"{tuned:F1} points leave nothing to tell designs apart");
    }
}
