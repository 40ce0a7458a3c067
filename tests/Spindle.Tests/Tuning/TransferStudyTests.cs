using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Trials;
using Spindle.Studies;
using Spindle.Tuning;

namespace Spindle.Tests.Tuning;

public sealed class TransferStudyTests : IDisposable
{
    private static readonly Study Compared = new("compared", "minilm-l6", ["builtin/sentiment"])
    {
        Space = new() { Groups = 1, Strategies = ["bitfit", "lora"] },
        Training = new() { TrainLimit = 8, ValidationLimit = 8, MaxLength = 16 },
        Search = new() { Policy = ComparisonPolicy.PolicyName, FinalSeeds = 1, Baselines = ["head", "full"] },
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-transfer-");

    private string Store => Path.Combine(folder.FullName, "compared.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_winner_is_carried_over_where_no_design_was_searched()
    {
        Search();
        var study = TransferStudy.Plan(new(Store) { Name = "other", Budget = Budget.OfShare(0.003m), Tasks = ["builtin/similarity"] });
        Assert.Equal(("other", "minilm-l6", Budget.OfShare(0.003m)), (study.Name, study.Backbone, study.Budget));
        Assert.Equal(["builtin/similarity"], study.Tasks.Select(task => task.Name));
        Assert.Equal(Design.Uniform(new StrategySet("lora"), 6), study.BaselineDesigns[TransferStudy.Transferred]);
        Assert.Equal([TransferStudy.Transferred, "head", "full"], study.Search.Baselines);

        using var training = TaskTraining.From(new(Store));
        Assert.Equal(90, training.Expected);
    }

    [Fact]
    public void A_named_option_is_carried_over_and_one_without_a_design_is_refused()
    {
        Search();
        Assert.Equal(Design.Uniform(new StrategySet("bitfit"), 6), TransferStudy.Plan(new(Store) { Option = "bitfit" }).BaselineDesigns[TransferStudy.Transferred]);
        Refused("full", "'full' has no design to carry over; name another option");
        Refused("head", "'head' has no design to carry over; name another option");
        Refused("none", "there is no option 'none'; the options are bitfit, lora, head, full");

        void Refused(string option, string part) =>
            Assert.Contains(part, Assert.Throws<InvalidDataException>(() => TransferStudy.Plan(new(Store) { Option = option })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_that_do_not_exist_are_refused_together_with_the_names_of_those_that_do()
    {
        Search();
        Refused(["sst3", "builtin/similarity", "mine"], "unknown tasks 'sst3', 'mine'; the tasks are ");
        Refused(["sst3"], "unknown task 'sst3'; the tasks are ");
        Refused([], "no task is named; the tasks are ");
        Refused(["sst2", "sst2"], "task 'sst2' is named twice; remove one");
        Assert.Equal(["builtin/similarity"], TransferStudy.Plan(new(Store) { Tasks = [new("builtin/similarity")] }).Tasks.Select(task => task.Name));

        void Refused(string[] tasks, string start)
        {
            var message = Assert.Throws<InvalidDataException>(() => TransferStudy.Plan(new(Store) { Tasks = [.. tasks.Select(task => new StudyTask(task))] })).Message;
            Assert.StartsWith(start, message, StringComparison.Ordinal);
            if (start.EndsWith("are ", StringComparison.Ordinal)) Assert.Contains(", builtin/similarity", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_search_that_prefers_a_strategy_is_carried_over()
    {
        using (var search = StudySearch.Prepare(Compared with { Search = Compared.Search with { Policy = JointPolicy.PolicyName, Prefer = "lora", SamplesPerOption = 1 } }))
        {
            using var store = SqliteTrialStore.OpenOrCreate(Store);
            using var workers = new InProcessWorkers(new GivenScores());
            new SearchSession(search.Problem, new JointPolicy(search.Problem), store, workers).Run(stop: TestContext.Current.CancellationToken);
        }
        // what the command writes and runs
        var study = StudyYaml.Parse(StudyYaml.Write(TransferStudy.Plan(new(Store))), "transferred.yaml");
        Assert.Equal((ComparisonPolicy.PolicyName, null), (study.Search.Policy, study.Search.Prefer));
    }

    [Fact]
    public void A_design_of_a_search_that_started_from_an_earlier_one_is_carried_over()
    {
        var study = Compared with { Training = Compared.Training with { LearningRate = 1e-3 }, LearningRates = [1e-3, 2e-3], Search = Compared.Search with { Policy = JointPolicy.PolicyName, SamplesPerOption = 6 } };
        var earlier = Store + ".earlier";
        Run(study, earlier);
        Run(study.StartingFrom([earlier]), Store);
        Assert.Empty(TransferStudy.Plan(new(Store)).Search.From);

        static void Run(Study study, string file)
        {
            using var search = StudySearch.Prepare(study, new() { Store = file });
            using var store = SqliteTrialStore.OpenOrCreate(file);
            using var workers = new InProcessWorkers(new GivenScores());
            new SearchSession(search.Problem, new JointPolicy(search.Problem), store, workers).Run(stop: TestContext.Current.CancellationToken);
            Assert.Equal(study.Search.From.Count, store.Study!.Earlier.Count);
        }
    }

    private void Search()
    {
        using var search = StudySearch.Prepare(Compared);
        using var store = SqliteTrialStore.OpenOrCreate(Store);
        using var workers = new InProcessWorkers(new GivenScores());
        Assert.Equal("lora", new SearchSession(search.Problem, new ComparisonPolicy(search.Problem), store, workers).Run(stop: TestContext.Current.CancellationToken).Winner!.Name);
    }

    private sealed class GivenScores : ITrialRunner
    {
        public TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop)
        {
            var score = request.Key.Option == "lora" ? 90 : 60;
            return new(score, new Dictionary<string, double> { ["accuracy"] = score / 100.0 }, [score], 10, 1, 8, 0.1, null);
        }
    }
}
