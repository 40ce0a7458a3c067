using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Search;
using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Tests;
using Spindle.Training.Evaluation;
using Spindle.Training.Tests.Families;
using Spindle.Training.Trials;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.Texts;

/// <summary>Studies of summaries and translations, from their files to the tuned model.</summary>
public sealed class WritingStudyTests
{
    [Theory]
    [InlineData("xsum", "bart-tiny", "rouge1", "rougeLsum")]
    [InlineData("wmt16/en-ro", "bart-tiny", "bleu", "bleu-romanian")]
    [InlineData("wmt16/ro-en", "t5-tiny", "bleu", "chrf")]
    public void A_study_of_real_texts_runs_from_end_to_end(string task, string backbone, string scored, string reported)
    {
        using var checkpoint = new TinyCheckpoint(backbone);
        var tuned = checkpoint.Beside("tuned");
        var study = StudyYaml.Parse(
            $$"""
            study: writing
            backbone: {{checkpoint.Folder}}
            tasks: [{{task}}]
            data: {{SharedFiles.BesideFixtures("data")}}
            budget: 5%
            space: {groups: 2, strategies: [lora, bitfit]}
            training: {epochs: 1, batch-size: 8, learning-rate: 0.002, max-length: 40, max-target-length: 10, train-limit: 16, validation-limit: 6}
            search: {policy: exhaustive, samples-per-option: 1, final-epochs: 1, final-seeds: 1}
            """,
            "writing.yaml",
            StrategyRegistry.Default,
            TaskCatalogue.Default);
        var store = new InMemoryTrialStore();
        using var runner = new TrialRunner(study, TaskCatalogue.Default, StrategyRegistry.Default);
        var context = SearchContext.Of(study, runner.Shape, runner.Costs, name => TaskScores.Chance(runner.Task(name)));
        using var workers = new InProcessWorkers(runner, count: 1, tuned);
        var result = new SearchSession(study, context, store, workers, new() { TunedFolder = tuned }).Run(stop: TestContext.Current.CancellationToken);

        Assert.True(result.IsComplete);
        Assert.All(store.Trials(), trial => Assert.True(trial.State == TrialState.Completed, $"{trial.Spec.Key}: {trial.Failure}"));
        Assert.All(store.Trials(), trial => Assert.Superset(new HashSet<string> { scored, reported }, trial.Outcome!.Metrics.Keys.ToHashSet()));
        Assert.Equal(["lora", "bitfit", "full"], result.Rows.Select(rows => rows.Against));
        Assert.All(result.Rows, rows => Assert.Equal(6, rows.Rows));
        Assert.Superset(new HashSet<string> { scored, reported }, result.Found!.Metrics[task].Keys.ToHashSet());
        using var predictor = TunedPredictor.Load(TunedFolders.OfTask(tuned, task), StrategyRegistry.Default);
        var written = predictor.Predict([new("The river rose again.", null, double.NaN), new("A short text.", null, double.NaN)], TestContext.Current.CancellationToken);
        Assert.Equal(2, written.Count);
        Assert.All(written, prediction => Assert.NotNull(prediction.Text));
    }
}
