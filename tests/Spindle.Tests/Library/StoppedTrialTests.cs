using Spindle.Search.Execution;
using Spindle.Search.Trials;
using Spindle.Studies;
using Spindle.Training.FineTuning;
using Spindle.Trials;

namespace Spindle.Tests.Library;

public sealed class StoppedTrialTests : IDisposable
{
    private const string Text = """
        study: stopped
        backbone: minilm-l6
        tasks: [builtin/sentiment]
        space: {groups: 2, strategies: [bitfit, lora]}
        training: {epochs: 2, batch-size: 8, train-limit: 48, validation-limit: 32}
        search: {policy: exhaustive, samples-per-option: 1, final-epochs: 2, final-seeds: 1, baselines: []}
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-stopped-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_trial_that_is_stopped_goes_on_with_its_next_step_and_ends_with_the_same_score()
    {
        var study = StudyYaml.Parse(Text, "stopped.yaml");
        using var tuner = new FineTuner(TrialRunner.OptionsOf(study, Models.Tuning.StrategyRegistry.Default, Data.Tasks.TaskCatalogue.Default));
        var runner = new TrialRunner(tuner);
        var key = new TrialKey("S0", "bitfit", 0, "builtin/sentiment", 2, 5);
        var plan = tuner.Size(Designs.Design.Uniform(new("bitfit"), tuner.Shape.Layers.Count), study.Budget);
        var straight = runner.Run(new(key, plan), null, Stop);

        var request = new TrialRequest(key, plan) { Checkpoint = TrialWeights.CheckpointFile(folder.FullName, key) };
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => runner.Run(request, new Steps(step => { if (step == 5) stop.Cancel(); }), stop.Token));
        Assert.True(File.Exists(request.Checkpoint));
        List<int> steps = [];
        var resumed = runner.Run(request, new Steps(steps.Add), Stop);
        // a step is reported when the next one is on its way
        Assert.InRange(steps[0], 6, 7);
        Assert.Equal((straight.Score, straight.ExampleSteps), (resumed.Score, resumed.ExampleSteps));
        Assert.False(File.Exists(request.Checkpoint));
    }

    private sealed class Steps(Action<int> report) : IProgress<TrialProgress>
    {
        public void Report(TrialProgress value) => report(value.Step);
    }
}
