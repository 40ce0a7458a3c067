using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Studies;
using Spindle.Training.Tuned;

namespace Spindle.Tests.Library;

public sealed class OwnTaskFamilyTests : IDisposable
{
    private static readonly TaskCatalogue Catalogue = new(new ParityTasks());

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-task-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_task_of_another_assembly_is_trained_scored_and_predicted_without_changing_Spindle()
    {
        var output = Path.Combine(folder.FullName, "parity");
        using (var training = TaskTraining.Prepare(new("parity") { Tasks = Catalogue, Output = output, Training = new() { Epochs = 1, MaxLength = 16 } }))
        {
            var result = training.Run(stop: TestContext.Current.CancellationToken);
            Assert.InRange(result.Score!.Value, 0, 100);
            Assert.Equal(16, result.ExampleSteps);
            Assert.Equal(8, Assert.Single(result.Predictions).Rows);
        }

        using var predictor = TunedPredictor.Load(output, StrategyRegistry.Default, null);
        Assert.Equal(["even", "odd"], predictor.Record.Task.Labels);
        Assert.Equal(2, Assert.Single(predictor.Predict([new("three", null, double.NaN)], TestContext.Current.CancellationToken)).Probabilities.Count);
    }

    [Fact]
    public void A_task_of_another_assembly_is_searched_and_its_trial_is_trained_again()
    {
        var study = new Study("own", "minilm-l6", ["parity"])
        {
            Space = new() { Groups = 1, Strategies = ["lora"] },
            Training = new() { Epochs = 1, MaxLength = 16 },
            Search = new() { Policy = "exhaustive", SamplesPerOption = 1, FinalEpochs = 1, FinalSeeds = 1 },
        };
        var store = Path.Combine(folder.FullName, "own.db");
        var found = StudySearch.Run(study, new() { Store = store, Workers = 1, Tasks = Catalogue }, stop: TestContext.Current.CancellationToken).Found!;
        using var training = TaskTraining.From(new(store) { Tasks = Catalogue });
        Assert.Equal(found.Scores["parity"], training.Run(stop: TestContext.Current.CancellationToken).Score);
    }

    /// <summary>One task, with its rows in the program: whether a number is even or odd.</summary>
    private sealed class ParityTasks : ITaskFamily
    {
        private static readonly string[] Numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven"];

        public IReadOnlyList<TaskDefinition> Tasks { get; } = [new("parity", TaskKind.Classification, ["even", "odd"], false, ["accuracy"], null)];

        public TaskData Load(string name, string? dataFolder) => new(Tasks[0], Split("train", ["the number ", "number "]), [Split("validation", [""])]);

        private static TaskSplit Split(string name, string[] openings) =>
            new(name, [.. openings.SelectMany(opening => Numbers.Select((number, value) => new Example(opening + number, null, value % 2)))], []);
    }
}
