using Spindle.Data.Tasks;
using Spindle.Designs.Budgets;
using Spindle.Search.Execution;
using Spindle.Studies;
using Spindle.Training.FineTuning;
using Spindle.Training.Tuned;
using Spindle.Tuning;

namespace Spindle.Tests.Library;

/// <summary>The code on <c>docs/how-to/library.md</c>: it stands here too, is compiled, and runs in one folder from top to bottom.</summary>
public sealed class LibraryPageTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-library-");
    private readonly string before = Directory.GetCurrentDirectory();

    public LibraryPageTests() => Directory.SetCurrentDirectory(folder.FullName);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(before);
        folder.Delete(recursive: true);
    }

    [Fact(Explicit = true)]
    public void The_examples_run()
    {
        var stop = TestContext.Current.CancellationToken;
        Search(stop);
        Assert.True(TunedFolder.Exists("reviews.tuned/best/builtin-sentiment"));
        Tune(stop);
        Assert.True(TunedFolder.Exists("tuned/best/reviews"));
        Train(stop);
        Again(stop);
        Assert.True(TunedFolder.Exists("runs/lora"));
        Predict(stop);
        Export();
        Assert.True(TunedFolder.Exists("handed-on"));
    }

    [Fact]
    public void The_examples_are_those_of_the_page() => PageExamples.RequireIn("how-to/library.md", "LibraryPageTests.cs", fewest: 5);

    private static void Search(CancellationToken stop)
    {
        var study = new Study("reviews", "minilm-l6", ["builtin/sentiment"])
        {
            Budget = Budget.OfShare(0.005m),
            Space = new() { Groups = 2, Strategies = ["bitfit", "lora"] },
            Training = new() { Epochs = 1, TrainLimit = 32, ValidationLimit = 32 },
            Search = new() { SamplesPerOption = 1, FinalEpochs = 1, FinalSeeds = 1 },
        };
        var result = StudySearch.Run(study, new() { Store = "reviews.db", TunedFolder = "reviews.tuned" }, new Progress<SearchProgress>(Show), stop);
        Console.WriteLine($"{result.Plan!.Design} scores {result.Found!.Mean:F1}, LoRA {result.Baselines.First(side => side.Name == "lora").Mean:F1}");
        Assert.True(result.IsComplete);
    }

    private static void Tune(CancellationToken stop)
    {
        File.WriteAllLines("reviews.csv", ["text,stars", .. Enumerable.Range(0, 40).Select(row => $"{(row % 2 == 0 ? "a good film" : "a dull film")} {row},{(row % 2 == 0 ? "good" : "bad")}")]);
        var (study, _) = TuneStudy.Plan(new("reviews.csv") { Time = TimeSpan.FromMinutes(20) });
        var best = StudySearch.Run(study, new() { Store = "tuned.db", TunedFolder = "tuned" }, stop: stop).Winner;
        Assert.NotNull(best);
    }

    private static void Train(CancellationToken stop)
    {
        using var training = TaskTraining.Prepare(new("builtin/sentiment")
        {
            Strategies = ["adapter", "lora"],
            Training = new() { Epochs = 1, TrainLimit = 32, ValidationLimit = 32 },
            Output = "runs/sentiment",
        });
        var trained = training.Run(new Progress<TrainingProgress>(step => Console.WriteLine($"step {step.Step} of {step.Steps}")), stop);
        Console.WriteLine($"{trained.Score:F1} points, {trained.Trained} trained parameters");
        Assert.Null(trained.Failure);
    }

    private static void Again(CancellationToken stop)
    {
        using var again = TaskTraining.From(new("reviews.db") { Option = "lora", Output = "runs/lora" });
        Console.WriteLine($"{again.Run(stop: stop).Score} points as in the search: {again.Expected}");
    }

    private static void Predict(CancellationToken stop)
    {
        using var model = TunedPredictor.Load("runs/sentiment");
        foreach (var prediction in model.Predict("A wonderful, moving film.", "It bored me."))
            Console.WriteLine($"{prediction.Label} with probability {prediction.Probabilities.Max():F2}");
        var scores = model.Evaluate(TaskCatalogue.Default.Load("builtin/sentiment", null), stop);
        Console.WriteLine($"{scores.Score:F1} points on all validation rows");
    }

    private static void Export()
    {
        TunedExport.Write("runs/sentiment", ExportFormat.Spindle, "handed-on");
    }

    private static void Show(SearchProgress progress) => Console.WriteLine($"{progress.Stage}: {progress.Done} of about {progress.Trials}");
}
