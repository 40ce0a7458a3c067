using Spindle.Models.Tuning;
using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Search.Trials;
using Spindle.Studies;
using Spindle.Tests.Checkpoints;
using Spindle.Training.Tuned;

namespace Spindle.Tests.Studies;

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
            "writing.yaml");
        var path = checkpoint.Beside("writing.db");
        var result = StudySearch.Run(study, new() { Store = path, TunedFolder = tuned }, stop: TestContext.Current.CancellationToken);
        using var store = SqliteTrialStore.Open(path);

        Assert.True(result.IsComplete);
        Assert.All(store.Trials(), trial => Assert.True(trial.State == TrialState.Completed, $"{trial.Spec.Key}: {trial.Failure}"));
        Assert.All(store.Trials(), trial => Assert.Superset(new HashSet<string> { scored, reported }, trial.Outcome!.Metrics.Keys.ToHashSet()));
        Assert.Equal(["lora", "bitfit", "full", "untrained"], result.Rows.Select(rows => rows.Against));
        Assert.All(result.Rows, rows => Assert.Equal(6, rows.Rows));
        Assert.Superset(new HashSet<string> { scored, reported }, result.Found!.Metrics[task].Keys.ToHashSet());
        using var predictor = TunedPredictor.Load(TrialWeights.TaskFolder(tuned, task), StrategyRegistry.Default);
        var written = predictor.Predict([new("The river rose again.", null, double.NaN), new("A short text.", null, double.NaN)], TestContext.Current.CancellationToken);
        Assert.Equal(2, written.Count);
        Assert.All(written, prediction => Assert.NotNull(prediction.Text));
    }
}
