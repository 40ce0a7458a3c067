using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Tuning;
using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Search.Trials;
using Spindle.Studies;
using Spindle.Tests.Checkpoints;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Tuned;
using Spindle.Trials;

namespace Spindle.Tests.Families;

/// <summary>The search, trained for real, on every family's tiny checkpoints.</summary>
public sealed class FamilySearchTests
{
    private const int Seed = 5;
    private const int Rows = 16;

    private static readonly string[] Tasks = ["builtin/sentiment", "builtin/similarity"];

    public static TheoryData<string> Checkpoints => TinyCheckpoint.Names();

    public static TheoryData<string> EncoderDecoders => TinyCheckpoint.Names(family => family is "bart" or "t5");

    [Theory(Explicit = true)]
    [MemberData(nameof(Checkpoints))]
    public void A_search_of_all_stages_over_all_strategies_returns_models_that_can_be_read(string name)
    {
        using var checkpoint = new TinyCheckpoint(name);
        var tuned = checkpoint.Beside("tuned");
        var study = Study(checkpoint.Folder, "layers: paired");
        var path = checkpoint.Beside("search.db");
        var result = StudySearch.Run(study, new() { Store = path, TunedFolder = tuned }, stop: TestContext.Current.CancellationToken);
        using var store = SqliteTrialStore.Open(path);

        Assert.True(result.IsComplete);
        Assert.Equal(["S0", "S1", "S2", "S3", "S4.G1", "S4.G2"], result.Stages.Select(stage => stage.Name));
        Assert.All(result.Stages, stage => Assert.True(stage.IsDecided, stage.Name));
        Assert.All(store.Trials(), trial => Assert.True(trial.State == TrialState.Completed, $"{trial.Spec.Key}: {trial.Failure}"));
        Assert.All(store.Trials().Where(trial => trial.Spec.Plan.Trained is not null), trial => Assert.InRange(trial.Outcome!.Trained, trial.Spec.Key.Epochs == 0 ? 0 : 1, result.Study.Budget));
        // each strategy was trained alone and with others
        Assert.Equal(["adapter", "bitfit", "full", "lora", "prefix", "untrained"],
            result.Baselines.Where(baseline => baseline.IsScored).Select(baseline => baseline.Name).Order(StringComparer.Ordinal));
        // a group that S3 left untuned has nothing to compare
        int[] compared = [.. result.Stages.Where(stage => stage.Name.StartsWith("S4", StringComparison.Ordinal) && stage.Compares).Select(stage => stage.Options.Count)];
        Assert.NotEmpty(compared);
        Assert.All(compared, options => Assert.Equal(15, options));

        foreach (var task in Tasks)
        {
            var folder = TrialWeights.TaskFolder(tuned, task);
            var (first, scores) = Ask(folder, task);
            Assert.Equal(TunedFolder.Read(folder).Score!.Value, scores.Score, 1e-9);
            Assert.Equal(store.Trials("Final").Where(trial => trial.Spec.Key.Option == result.Winner!.Name && trial.Spec.Key.Task == task).Max(trial => trial.Outcome!.Score!.Value), scores.Score, 1e-9);
            Assert.Equal(first, Ask(folder, task).Values);
        }
    }

    [Theory]
    [MemberData(nameof(EncoderDecoders))]
    public void The_numbering_of_layers_goes_from_the_study_into_the_tuned_folder(string name)
    {
        using var checkpoint = new TinyCheckpoint(name);
        var tuned = checkpoint.Beside("tuned");
        using var paired = BackboneCatalogue.Outline(checkpoint.Folder, new());
        using var sequential = BackboneCatalogue.Outline(checkpoint.Folder, new() { Layers = LayerNumbering.Sequential });
        using (var tuner = Tuner(Study(checkpoint.Folder, "layers: sequential")))
        {
            Assert.Equal(sequential.Shape, tuner.Shape);
            Assert.NotEqual(paired.Shape, tuner.Shape);
            var design = Design.Uniform(new(["lora", "prefix"]), tuner.Shape.Layers.Count);
            var plan = tuner.Size(design, Budget.Parse("100%"));
            Assert.Null(tuner.Run(new(plan, Tasks[0], Seed) { Epochs = 1, Output = tuned }, null, TestContext.Current.CancellationToken).Failure);
        }

        var record = TunedFolder.Read(tuned);
        Assert.Equal(LayerNumbering.Sequential, record.Numbering);
        Assert.Equal(sequential.Layers.Count, record.Layers!.Count);
        var (values, scores) = Ask(tuned, Tasks[0]);
        Assert.Equal(record.Score!.Value, scores.Score, 1e-9);
        Assert.Equal(values, Ask(tuned, Tasks[0]).Values);

        // numbered otherwise, its layers would not all be there
        var path = TunedFolder.RecordPath(tuned);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"sequential\"", "\"paired\"", StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => TunedPredictor.Load(tuned, StrategyRegistry.Default));
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void The_message_about_a_checkpoint_without_tokenizer_says_in_one_line_what_is_missing(string name)
    {
        using var checkpoint = new TinyCheckpoint(name, withTokenizer: false);
        var error = Assert.Throws<FileNotFoundException>(() => Tuner(Study(checkpoint.Folder, "layers: paired")));
        var wanted = TinyCheckpoint.FamilyOf(checkpoint.Folder) switch { "bert" or "mpnet" => "vocab.txt", "t5" => "spiece.model", _ => "vocab.json and merges.txt" };
        Assert.StartsWith(checkpoint.Folder, error.Message, StringComparison.Ordinal);
        Assert.Contains(wanted, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_tokenizer_of_another_backbone_is_recognized_by_a_token_that_this_one_does_not_know()
    {
        using var checkpoint = new TinyCheckpoint("bert-tiny", withTokenizer: false);
        File.Copy(Path.Combine(SharedFiles.Repository, "assets", "minilm-l6", "vocab.txt"), Path.Combine(checkpoint.Folder, "vocab.txt"));
        using var tuner = Tuner(Study(checkpoint.Folder, "layers: paired"));
        var error = Assert.Throws<InvalidDataException>(() => tuner.Task(Tasks[0]));
        Assert.Contains("tokens; replace the tokenizer's files", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    // all of the backbone's size, so that every strategy fits into every layer of so small a model
    private static Study Study(string folder, string layers) => StudyYaml.Parse($$"""
        study: tiny
        backbone: {{folder}}
        tasks: [{{string.Join(", ", Tasks)}}]
        budget: 100%
        space: {groups: 2, {{layers}}, strategies: [adapter, prefix, bitfit, lora]}
        training: {epochs: 1, batch-size: 8, max-length: 24, max-target-length: 6, train-limit: {{Rows}}, validation-limit: {{Rows}}, learning-rate: 0.002}
        search: {policy: exhaustive, samples-per-option: 1, seed: {{Seed}}, final-epochs: 1, final-seeds: 2}
        """, "tiny.yaml");

    private static FineTuner Tuner(Study study) => new(TrialRunner.OptionsOf(study, StrategyRegistry.Default, TaskCatalogue.Default));

    private static (double[] Values, TaskScores Scores) Ask(string folder, string task)
    {
        using var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default);
        var data = TaskCatalogue.Default.Load(task, null);
        var limited = data with { Validation = [.. data.Validation.Select(split => split with { Examples = RowSample.Draw(split.Examples, Rows, Seed) })] };
        double[] values = [.. predictor.Predict(limited.Validation[0].Examples, TestContext.Current.CancellationToken)
            .SelectMany(prediction => prediction.Probabilities.Prepend(prediction.Value))];
        return (values, predictor.Evaluate(limited, TestContext.Current.CancellationToken));
    }
}
