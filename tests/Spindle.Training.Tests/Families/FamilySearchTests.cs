using Spindle.Data.Batching;
using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Tuning;
using Spindle.Search;
using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Tests;
using Spindle.Training.Evaluation;
using Spindle.Training.Trials;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.Families;

/// <summary>The search, trained for real, on every family's tiny checkpoints.</summary>
public sealed class FamilySearchTests
{
    private const int Seed = 5;
    private const int Rows = 16;

    private static readonly string[] Tasks = ["builtin/sentiment", "builtin/similarity"];

    public static TheoryData<string> Checkpoints => TinyCheckpoint.Names();

    public static TheoryData<string> EncoderDecoders => TinyCheckpoint.Names(family => family is "bart" or "t5");

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void A_search_of_all_stages_over_all_strategies_hands_back_models_that_can_be_read(string name)
    {
        using var checkpoint = new TinyCheckpoint(name);
        var tuned = checkpoint.Beside("tuned");
        var study = Study(checkpoint.Folder, "layers: paired");
        var store = new InMemoryTrialStore();
        using var runner = new TrialRunner(study, TaskCatalogue.Default, StrategyRegistry.Default);
        var context = SearchContext.Of(study, runner.Shape, runner.Costs, task => TaskScores.Chance(runner.Task(task)));
        using var workers = new InProcessWorkers(runner, count: 1, tuned);
        var result = new SearchSession(study, context, store, workers, new() { TunedFolder = tuned }).Run(stop: TestContext.Current.CancellationToken);

        Assert.True(result.IsComplete);
        Assert.Equal(["S0", "S1", "S2", "S3", "S4.G1", "S4.G2"], result.Stages.Select(stage => stage.Name));
        Assert.All(result.Stages, stage => Assert.True(stage.IsDecided, stage.Name));
        Assert.All(store.Trials(), trial => Assert.True(trial.State == TrialState.Completed, $"{trial.Spec.Key}: {trial.Failure}"));
        Assert.All(store.Trials().Where(trial => trial.Spec.Solution is not null), trial => Assert.InRange(trial.Outcome!.Trained, 1, context.Budget));
        // each strategy was trained alone and with others
        Assert.Equal(["adapter", "bitfit", "full", "lora", "prefix"],
            result.Baselines.Where(baseline => baseline.IsScored).Select(baseline => baseline.Name).Order(StringComparer.Ordinal));
        // a group that S3 left untuned has nothing to compare
        int[] compared = [.. result.Stages.Where(stage => stage.Name.StartsWith("S4", StringComparison.Ordinal) && stage.Compares).Select(stage => stage.Options.Count)];
        Assert.NotEmpty(compared);
        Assert.All(compared, options => Assert.Equal(15, options));

        foreach (var task in Tasks)
        {
            var folder = TunedFolders.OfTask(tuned, task);
            var (first, scores) = Ask(folder, task);
            Assert.Equal(TunedFolder.Read(folder).Score!.Value, scores.Score, 1e-9);
            Assert.Equal(store.Trials("Final").Where(trial => trial.Spec.Key.Option == "found" && trial.Spec.Key.Task == task).Max(trial => trial.Outcome!.Score!.Value), scores.Score, 1e-9);
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
        using (var runner = new TrialRunner(Study(checkpoint.Folder, "layers: sequential"), TaskCatalogue.Default, StrategyRegistry.Default))
        {
            Assert.Equal(sequential.Shape, runner.Shape);
            Assert.NotEqual(paired.Shape, runner.Shape);
            var design = Design.Uniform(new(["lora", "prefix"]), runner.Shape.Layers.Count);
            Assert.Null(runner.Run(new(new TuningPlan.Designed(design), Tasks[0], Seed, 1, tuned)).Failure);
        }

        var description = TunedFolder.Read(tuned);
        Assert.Equal(LayerNumbering.Sequential, description.Numbering);
        Assert.Equal(sequential.Layers.Count, description.Layers!.Count);
        var (values, scores) = Ask(tuned, Tasks[0]);
        Assert.Equal(description.Score!.Value, scores.Score, 1e-9);
        Assert.Equal(values, Ask(tuned, Tasks[0]).Values);

        // numbered otherwise, its layers would not all be there
        var path = TunedFolder.DescriptionOf(tuned);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"sequential\"", "\"paired\"", StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => TunedPredictor.Load(tuned, StrategyRegistry.Default));
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void A_checkpoint_without_tokenizer_is_told_in_one_line_what_it_lacks(string name)
    {
        using var checkpoint = new TinyCheckpoint(name, withTokenizer: false);
        var error = Assert.Throws<FileNotFoundException>(() => new TrialRunner(Study(checkpoint.Folder, "layers: paired"), TaskCatalogue.Default, StrategyRegistry.Default));
        var wanted = TinyCheckpoint.FamilyOf(checkpoint.Folder) switch { "bert" => "vocab.txt", "t5" => "spiece.model", _ => "vocab.json and merges.txt" };
        Assert.StartsWith(checkpoint.Folder, error.Message, StringComparison.Ordinal);
        Assert.Contains(wanted, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_tokenizer_of_another_backbone_is_told_by_a_token_that_this_one_does_not_know()
    {
        using var checkpoint = new TinyCheckpoint("bert-tiny", withTokenizer: false);
        File.Copy(Path.Combine(SharedFiles.Repository, "assets", "minilm-l6", "vocab.txt"), Path.Combine(checkpoint.Folder, "vocab.txt"));
        using var runner = new TrialRunner(Study(checkpoint.Folder, "layers: paired"), TaskCatalogue.Default, StrategyRegistry.Default);
        var error = Assert.Throws<InvalidDataException>(() => runner.Task(Tasks[0]));
        Assert.Contains("tokens; put the tokenizer's files", error.Message, StringComparison.Ordinal);
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
        search: {samples-per-option: 1, seed: {{Seed}}, final-epochs: 1, final-seeds: 2}
        """, "tiny.yaml");

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
