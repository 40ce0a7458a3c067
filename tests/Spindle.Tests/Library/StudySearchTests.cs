using Spindle.Data.Tasks.Own;
using Spindle.Models.Tuning;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Trials;
using Spindle.Studies;
using Spindle.Tests.Stores;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Tests.Library;

public sealed class StudySearchTests : IDisposable
{
    private static readonly Study Small = new("small", "minilm-l6", ["builtin/sentiment"])
    {
        Space = new() { Groups = 1, Strategies = ["bitfit", "lora"] },
        Training = new() { Epochs = 1, TrainLimit = 16, ValidationLimit = 16, MaxLength = 24 },
        Search = new() { Policy = "exhaustive", SamplesPerOption = 1, FinalEpochs = 1, FinalSeeds = 2 },
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-search-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_a_study_found_is_trained_again_with_the_same_score_to_the_last_bit()
    {
        Search(Small);
        using var store = SqliteTrialStore.Open(At("small.db"));
        foreach (var option in (string[])["found", "bitfit", "full"])
        {
            using var training = TaskTraining.From(new(At("small.db")) { Option = option, Output = At(option) });
            var result = training.Run(stop: TestContext.Current.CancellationToken);
            var best = store.Trials("Final").Where(trial => trial.Spec.Key.Option == option).Max(trial => trial.Outcome!.Score!.Value);
            Assert.Equal(best, result.Score);
            Assert.Equal(best, training.Expected);
            Assert.Equal(best, TunedFolder.Read(At(option)).Score);
        }

        Assert.Contains("there is no option 'prefix'", Assert.Throws<InvalidDataException>(() => TaskTraining.From(new(At("small.db")) { Option = "prefix" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_side_of_the_comparison_has_its_head_what_merging_leaves_and_the_time_of_a_row()
    {
        var result = Search(Small with { Space = Small.Space with { Strategies = ["adapter", "lora"] } });
        Assert.Equal(["found", "adapter", "lora", "full", "untrained"], result.Sides.Select(side => side.Name));
        Assert.All(result.Sides, side => Assert.True(side is { HeadParameters: > 0, MillisecondsPerRow: > 0, ScoringBatch: 32 }, side.Name));
        Assert.Equal((result.Sides[1].Trained, 0, 0), (result.Sides[1].RemainingParameters, result.Sides[2].RemainingParameters, result.Sides[3].RemainingParameters));
        using var store = SqliteTrialStore.Open(At("small.db"));
        Assert.All(store.Trials(), trial => Assert.Equal(trial.Spec.KeepsPredictions, trial.Outcome!.RemainingParameters is not null));
    }

    [Fact]
    public void The_lowest_score_of_each_task_is_known_to_the_search()
    {
        using var search = StudySearch.Prepare(Small with { Tasks = ["builtin/sentiment", "builtin/similarity"] });
        Assert.Equal([0.0, -100.0], search.Problem.Tasks.Select(task => task.LowestScore));
    }

    [Fact]
    public void A_study_that_scores_every_epoch_keeps_learning_curves_and_finds_the_same()
    {
        var study = Small with { Training = Small.Training with { Epochs = 2 }, Search = Small.Search with { FinalEpochs = 3 } };
        var last = StudySearch.Run(study, new() { Store = At("last.db") }, stop: TestContext.Current.CancellationToken);
        var every = StudySearch.Run(study with { Search = study.Search with { ScoresEveryEpoch = true } }, new() { Store = At("every.db") }, stop: TestContext.Current.CancellationToken);
        Assert.Equal(last.Sides.Select(side => (side.Name, side.Mean)), every.Sides.Select(side => (side.Name, side.Mean)));
        using var lastStore = SqliteTrialStore.Open(At("last.db"));
        using var everyStore = SqliteTrialStore.Open(At("every.db"));
        Assert.All(lastStore.Trials(), trial => Assert.Equal(Math.Min(1, trial.Spec.Key.Epochs), trial.EpochScores.Count));
        Assert.All(everyStore.Trials(), trial => Assert.Equal(trial.Spec.Key.Epochs, trial.EpochScores.Count));
        Assert.All(everyStore.Trials().Where(trial => trial.EpochScores.Count > 0), trial => Assert.Equal(trial.Outcome!.Score, trial.EpochScores[^1]));
    }

    [Fact]
    public void A_tuned_model_is_not_overwritten_unless_that_is_asked_for()
    {
        Search(Small);
        var options = new StudyTrainingOptions(At("small.db")) { Output = At("model") };
        using (var training = TaskTraining.From(options)) training.Run(stop: TestContext.Current.CancellationToken);
        Assert.Contains("already holds a tuned model", Assert.Throws<InvalidDataException>(() => TaskTraining.From(options)).Message, StringComparison.Ordinal);
        TaskTraining.From(options with { Overwrite = true }).Dispose();
    }

    [Fact]
    public void A_tuned_folder_belongs_to_the_study_that_wrote_it_until_overwriting_is_asked_for()
    {
        Search(Small);
        var written = Weights();
        var other = Small with { Search = Small.Search with { Seed = 8 } };
        var options = new StudySearchOptions { Store = At("other.db"), TunedFolder = At("small.tuned") };
        var refused = Assert.Throws<InvalidDataException>(() => StudySearch.Prepare(other, options));
        Assert.Contains("holds the models of another study (small; it has another 'search.seed')", refused.Message, StringComparison.Ordinal);
        Assert.IsType<OtherStudyException>(refused.InnerException);
        Assert.False(File.Exists(At("other.db")));
        // a store of another study is refused before anything is deleted
        Assert.Contains("belongs to another study", Assert.Throws<InvalidDataException>(
            () => StudySearch.Run(other, options with { Store = At("small.db"), Overwrite = true }, stop: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Equal(written, Weights());

        // the same study, whatever its store, goes on writing
        Assert.True(StudySearch.Run(Small, options with { Store = At("again.db") }, stop: TestContext.Current.CancellationToken).IsComplete);
        Assert.Equal(written, Weights());
        Assert.True(StudySearch.Run(other, options with { Overwrite = true }, stop: TestContext.Current.CancellationToken).IsComplete);
        Assert.NotEqual(written, Weights());
        Assert.Throws<InvalidDataException>(() => Search(Small));

        string Weights() => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(TunedFolder.WeightsPath(Path.Combine(At("small.tuned"), "bitfit", "builtin-sentiment")))));
    }

    [Fact]
    public void A_tuned_folder_of_an_older_version_is_continued_by_the_store_that_wrote_it_and_by_no_other()
    {
        Search(Small);
        File.Delete(Path.Combine(At("small.tuned"), "search.json"));
        Directory.CreateDirectory(Path.Combine(At("free.tuned"), "notes"));
        var other = Small with { Search = Small.Search with { Seed = 8 } };
        Assert.True(StudySearch.Run(other, new() { Store = At("other.db"), TunedFolder = At("free.tuned") }, stop: TestContext.Current.CancellationToken).IsComplete);
        foreach (var store in (string[])["other.db", "new.db"])
        {
            var refused = Assert.Throws<InvalidDataException>(() => StudySearch.Prepare(other, new() { Store = At(store), TunedFolder = At("small.tuned") }));
            Assert.Contains("holds a model that this study did not write", refused.Message, StringComparison.Ordinal);
        }

        Assert.True(Search(Small).IsComplete);
        Assert.True(SearchFolder.IsOwned(At("small.tuned")));
        // trials that an interrupted search left are models too
        Directory.CreateDirectory(Path.Combine(At("left.tuned"), ".trials", "found-1-x-7"));
        Assert.Throws<InvalidDataException>(() => StudySearch.Prepare(Small, new() { Store = At("small.db"), TunedFolder = At("left.tuned") }));
    }

    [Fact]
    public void A_study_that_grew_continues_from_the_trials_already_paid_for_and_other_settings_are_refused_key_by_key()
    {
        var first = Search(Small);
        var grown = Search(Small with
        {
            Tasks = ["builtin/sentiment", "builtin/similarity"],
            Search = Small.Search with { SamplesPerOption = 2, FinalSeeds = 3 },
        });
        Assert.True(grown.IsComplete);
        Assert.True(grown.Trials > first.Trials);
        Assert.Equal(["builtin/sentiment", "builtin/similarity"], grown.Study.Tasks.Select(task => task.Name));

        var refused = Assert.Throws<InvalidDataException>(() => Search(Small with { Training = Small.Training with { LearningRate = 0.5, BatchSize = 4 }, Search = grown.Study.FinalSeeds is var seeds ? Small.Search with { FinalSeeds = seeds, SamplesPerOption = 2 } : Small.Search, Tasks = ["builtin/sentiment", "builtin/similarity"] })).Message;
        Assert.Contains("'training.batch-size: 16' in the store, 'training.batch-size: 4' here", refused, StringComparison.Ordinal);
        Assert.Contains("'training.learning-rate: 0.001' in the store, 'training.learning-rate: 0.5' here", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_were_edited_are_refused_with_the_file_and_line_of_the_first_that_differs()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(row => $"day {row} was {(row % 2 == 0 ? "fine" : "dull")},{row % 2}")];
        Write("reviews.csv", lines[..40]);
        Write("more.csv", lines[40..]);
        var task = new OwnTask("reviews", [At("reviews.csv")]) { Validation = [At("more.csv")] };
        var study = Small with { Tasks = [task], Training = Small.Training with { TrainLimit = null, ValidationLimit = null } };
        Assert.ThrowsAny<OperationCanceledException>(Start);
        Assert.ThrowsAny<OperationCanceledException>(Start);

        foreach (var (file, rows, edited) in ((string, string[], int)[])[("reviews.csv", lines[..40], 17), ("more.csv", lines[40..], 3)])
        {
            Write(file, [.. rows.Select((line, row) => row == edited ? line.Replace("was", "is", StringComparison.Ordinal) : line)]);
            var refused = Assert.Throws<InvalidDataException>(Start).Message;
            Assert.Contains("the rows of task 'reviews' have changed since the search was started", refused, StringComparison.Ordinal);
            Assert.Contains($"row {edited + 1} ({At(file)}:{edited + 2})", refused, StringComparison.Ordinal);
            Write(file, rows);
        }

        void Write(string file, string[] rows) => File.WriteAllLines(At(file), ["text,label", .. rows]);

        void Start()
        {
            using var search = StudySearch.Prepare(study, new() { Store = At("small.db") });
            search.Run(stop: new CancellationToken(canceled: true));
        }
    }

    [Fact]
    public async Task A_worker_that_starts_after_rows_were_edited_runs_no_trial_and_no_option_is_trained_again()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(row => $"day {row} was {(row % 2 == 0 ? "fine" : "dull")},{row % 2}")];
        File.WriteAllLines(At("reviews.csv"), ["text,label", .. lines]);
        var study = Small with { Tasks = [new OwnTask("reviews", [At("reviews.csv")])], Training = Small.Training with { TrainLimit = null, ValidationLimit = null } };
        Search(study);
        using var store = SqliteTrialStore.Open(At("small.db"));
        var finished = store.Trials("Final")[0].Spec;
        store.Add([finished with { Key = finished.Key with { Seed = finished.Key.Seed + 1 } }]);
        lines[17] = lines[17].Replace("was", "is", StringComparison.Ordinal);
        File.WriteAllLines(At("reviews.csv"), ["text,label", .. lines]);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var worker = Task.Run(() => StudyWorker.Run(At("small.db"), null, stop.Token), stop.Token);
        while (!store.Trials()[^1].IsFinished && !worker.IsCompleted) await Task.Delay(20, stop.Token);
        await stop.CancelAsync();
        await worker;
        var refused = store.Trials()[^1];
        Assert.Equal(TrialState.Failed, refused.State);
        Assert.Contains("the rows of task 'reviews' have changed since the search was started", refused.Failure, StringComparison.Ordinal);
        Assert.Contains($"{At("reviews.csv")}:19", refused.Failure, StringComparison.Ordinal);
        Assert.Equal(refused.Failure, Assert.Throws<InvalidDataException>(() => TaskTraining.From(new(At("small.db")) { Option = "bitfit" })).Message);
    }

    [Fact]
    public void Labelled_test_rows_are_scored_for_finalists_only_and_select_nothing()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(row => $"day {row} was {(row % 2 == 0 ? "fine" : "dull")},{row % 2}")];
        File.WriteAllLines(At("train.csv"), ["text,label", .. lines[..40]]);
        File.WriteAllLines(At("test.csv"), ["text,label", .. lines[40..]]);
        var task = new OwnTask("reviews", [At("train.csv")]);
        var plain = Search(Small with { Tasks = [task] });
        Assert.All(plain.Sides, side => Assert.Null(side.Test));
        using (var store = SqliteTrialStore.Open(At("small.db"))) Assert.All(store.Trials(), trial => Assert.Null(trial.Outcome!.Test));
        File.Delete(At("small.db"));
        Directory.Delete(At("small.tuned"), recursive: true);

        var tested = Search(Small with { Tasks = [task with { Test = [At("test.csv")] }] });
        Assert.All(tested.Sides, side => Assert.InRange(side.Test!.Value, 0, 100));
        Assert.Equal(plain.Sides.Select(side => (side.Name, side.Mean)), tested.Sides.Select(side => (side.Name, side.Mean)));
        using (var store = SqliteTrialStore.Open(At("small.db")))
            Assert.All(store.Trials(), trial => Assert.Equal(trial.Spec.KeepsPredictions, trial.Outcome!.Test is not null));

        using var training = TaskTraining.From(new(At("small.db")) { Option = "bitfit" });
        var again = training.Run(stop: TestContext.Current.CancellationToken).Test!.Value;
        using (var store = SqliteTrialStore.Open(At("small.db")))
            Assert.Contains(store.Trials("Final"), trial => trial.Spec.Key.Option == "bitfit" && trial.Outcome!.Test == again);
    }

    [Fact]
    public void The_precision_is_automatic_by_default_and_settled_when_the_search_begins()
    {
        Assert.Equal(Precision.Auto, Small.Training.Precision);
        Search(Small);
        using (var store = SqliteTrialStore.Open(At("small.db")))
            Assert.Equal(NativeBFloat16.Resolve(Precision.Auto), StudyYaml.Parse(store.Study!.Text, "s").Training.Precision);
        Assert.True(Search(Small).IsComplete);
    }

    [Fact]
    public void A_search_that_began_in_another_precision_than_the_automatic_one_keeps_it()
    {
        var other = NativeBFloat16.Resolve(Precision.Auto) == Precision.BFloat16 ? Precision.Float32 : Precision.BFloat16;
        var begun = Small with { Space = Small.Space with { Strategies = ["bitfit"] }, Training = Small.Training with { Precision = other, TrainLimit = 4, ValidationLimit = 4 } };
        Search(begun);
        var later = begun with { Training = begun.Training with { Precision = Precision.Auto }, Search = begun.Search with { FinalSeeds = begun.Search.FinalSeeds + 1 } };
        Assert.True(Search(later).IsComplete);
        using (var store = SqliteTrialStore.Open(At("small.db")))
            Assert.Equal(other, StudyYaml.Parse(store.Study!.Text, "s").Training.Precision);
        Assert.Equal(other, TunedFolder.Read(TunedFolder.Resolve(At("small.tuned"))).Precision);

        using var training = TaskTraining.From(new(At("small.db")) { Option = "bitfit" });
        Assert.Equal(training.Expected, training.Run(stop: TestContext.Current.CancellationToken).Score);
    }

    [Fact]
    public void A_plan_whose_sizes_are_not_what_this_version_trains_fails_its_trial_with_the_reason()
    {
        using var tuner = new Training.FineTuning.FineTuner(Trials.TrialRunner.OptionsOf(Small, StrategyRegistry.Default, Data.Tasks.TaskCatalogue.Default));
        var plan = new Designs.Plans.TuningPlan.Sized(null, [new(0, [new("lora", 2, 999)])]);
        var refused = Assert.Throws<InvalidDataException>(
            () => new Trials.TrialRunner(tuner).Run(new(new("S1", "o", 0, "builtin/sentiment", 1, 1), plan), null, TestContext.Current.CancellationToken));
        Assert.Contains("the plan has 999 trained parameters, but its sizes give 3072", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_with_selection_rows_returns_its_winner_with_both_scores()
    {
        var result = Search(Small with { Training = Small.Training with { Selection = 0.25, TrainLimit = 32 } });
        var winner = result.Winner!;
        Assert.All(result.Sides, side => Assert.NotNull(side.Validation));
        Assert.All(result.Sides.Where(side => side.Name != "full"), side => Assert.True(winner.Mean >= side.Mean));
        using var store = SqliteTrialStore.Open(At("small.db"));
        Assert.All(store.Trials(), trial => Assert.Equal(trial.Spec.Key.Stage == "Final", trial.Outcome!.Validation is not null));

        // the search's folder is taken as its winner's
        using var model = TunedPredictor.Load(At("small.tuned"), StrategyRegistry.Default);
        var best = store.Trials("Final").Where(trial => trial.Spec.Key.Option == winner.Name).MaxBy(trial => trial.Points)!;
        Assert.Equal(best.Outcome!.Validation, model.Record.Score);
        Assert.Equal(best.Outcome.Trained, model.Record.Trained ?? model.Record.Layers!.Sum(layer => layer.Parameters));
    }

    [Fact]
    public void Time_that_was_added_to_a_limit_counts_again_when_the_search_is_resumed_and_changes_nothing_of_its_study()
    {
        var study = Small with { Search = Small.Search with { Policy = JointPolicy.PolicyName, FinalSeeds = 1, Limit = new(TimeSpan.FromSeconds(20)) } };
        Search(study);
        string text;
        using (var store = SqliteTrialStore.Open(At("small.db")))
        {
            text = store.Study!.Text;
            store.Ask(asked => asked with { ExtraTime = TimeSpan.FromSeconds(5) });
        }

        using (var search = StudySearch.Prepare(study, new() { Store = At("small.db") }))
        {
            Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)), (search.ExtraTime, search.Problem.Study.Search.Limit.Time));
            Assert.True(search.Run(stop: TestContext.Current.CancellationToken).IsComplete);
        }

        using var resumed = SqliteTrialStore.Open(At("small.db"));
        Assert.Equal(text, resumed.Study!.Text);
        Assert.Equal(TimeSpan.FromSeconds(5), resumed.Control().ExtraTime);
    }

    [Fact]
    public void Of_several_learning_rates_this_process_trains_at_the_one_that_workers_read_in_the_store()
    {
        // none of them is that of the training settings
        var study = Small with { LearningRates = [1e-4, 1e-2], Search = Small.Search with { FinalSeeds = 1 } };
        using (var search = StudySearch.Prepare(study, new() { Store = At("small.db") }))
        {
            Assert.Equal([true, false], search.Problem.Study.LearningRates.Select(rate => rate.IsBase));
            Assert.True(search.Run(stop: TestContext.Current.CancellationToken).IsComplete);
        }

        using var store = SqliteTrialStore.Open(At("small.db"));
        using var tuner = new Training.FineTuning.FineTuner(Trials.TrialRunner.OptionsOf(StudyYaml.Parse(store.Study!.Text, "s"), StrategyRegistry.Default, Data.Tasks.TaskCatalogue.Default));
        var trial = store.Trials().First(trial => trial.Spec.Key is { LearningRate: null, Stage: not "Final" });
        var again = new Trials.TrialRunner(tuner).Run(new(trial.Spec.Key, trial.Spec.Plan), null, TestContext.Current.CancellationToken);
        Assert.Equal(trial.Outcome!.Metrics, again.Metrics);
        Assert.Equal(trial.Outcome.Score, again.Score);
        Assert.Equal(1e-4, tuner.Settings.LearningRate);
    }

    [Fact]
    public void A_trial_with_listed_settings_is_trained_again_to_the_last_bit_and_is_that_of_a_study_with_those_settings()
    {
        var study = StudyYaml.Parse(
            """
            backbone: minilm-l6
            tasks: [builtin/sentiment]
            space: {groups: 1, strategies: [lora, prefix]}
            strategies: {lora: {alpha: [4, 64], places: [[attention-query], [feed-forward-in]]}}
            training: {epochs: 1, batch-size: [4, 8], dropout: [0, 0.2], head-learning-rate: [1e-4, 3e-2], train-limit: 16, validation-limit: 16, max-length: 24}
            search: {policy: joint, samples-per-option: 1, final-epochs: 1, final-seeds: 1, baselines: [full], trials: 60}
            """,
            "listed.yaml");
        var result = Search(study);
        Assert.True(result.IsComplete);
        Assert.All(result.Sides.Where(side => side.IsScored), side => Assert.Contains("batch-size: ", side.Recipe!, StringComparison.Ordinal));
        using var store = SqliteTrialStore.Open(At("small.db"));
        var tried = store.Trials("rung 1").Where(trial => trial.Spec.Key.Option.StartsWith("lora", StringComparison.Ordinal)).ToArray();
        Assert.True(tried.DistinctBy(trial => trial.Outcome!.Score).Count() > 1);

        using (var training = TaskTraining.From(new(At("small.db")) { Option = "lora", Output = At("lora") }))
        {
            Assert.Equal(training.Expected, training.Run(stop: TestContext.Current.CancellationToken).Score);
            var final = store.Trials("Final").Single(trial => trial.Spec.Key.Option == "lora");
            Assert.Equal(final.Outcome!.Score, training.Expected);
            // the folder has the options that were trained with
            var alpha = System.Text.RegularExpressions.Regex.Match(final.Spec.Key.Settings!, "alpha: (\\d+)").Value;
            Assert.Contains(alpha, TunedFolder.Read(At("lora")).Strategies["lora"], StringComparison.Ordinal);
        }

        // a study that has these values as its own trains the same
        foreach (var trial in tried.Where((_, index) => index % 5 == 1))
        {
            var settings = Yaml.YamlSource.Parse($"{{{trial.Spec.Key.Settings}}}", "s").Mapping();
            var plain = study with
            {
                Lists = [],
                Training = study.Training with { BatchSize = settings.Integer("batch-size", 1, 100)!.Value, Dropout = settings.Number("dropout", 0, 1), HeadLearningRate = settings.Number("head-learning-rate", 0, 1) },
                Strategies = new Dictionary<string, StrategyConfiguration> { ["lora"] = StrategyRegistry.Default.ReadConfiguration("lora", settings.Value("lora")!) },
            };
            using var tuner = new Training.FineTuning.FineTuner(Trials.TrialRunner.OptionsOf(plain, StrategyRegistry.Default, Data.Tasks.TaskCatalogue.Default));
            var again = new Trials.TrialRunner(tuner).Run(new(trial.Spec.Key with { Settings = null }, trial.Spec.Plan), null, TestContext.Current.CancellationToken);
            Assert.Equal((trial.Outcome!.Score, trial.Outcome.Trained), (again.Score, again.Trained));
            Assert.Equal(trial.Outcome.Metrics, again.Metrics);
        }
    }

    [Fact]
    public void Fewer_than_one_worker_are_refused() =>
        Assert.Equal("options", Assert.Throws<ArgumentOutOfRangeException>(() => StudySearch.Prepare(Small, new() { Workers = 0 })).ParamName);

    [Fact]
    public void A_training_without_a_known_strategy_is_refused_with_the_names_of_all()
    {
        Refused(new("builtin/sentiment") { Strategies = ["lorra"] }, "unknown strategy 'lorra'; the strategies are ");
        Refused(new("builtin/sentiment") { Strategies = [] }, "no strategy is named; name at least one of ");
        Refused(new("builtin/sentiment") { Design = Designs.Design.Uniform(new Designs.StrategySet("lora", "lorra"), 6) }, "unknown strategy 'lorra'; the strategies are ");

        static void Refused(TaskTrainingOptions options, string part)
        {
            var message = Assert.Throws<InvalidDataException>(() => TaskTraining.Prepare(options)).Message;
            Assert.Contains(part, message, StringComparison.Ordinal);
            Assert.All(StrategyRegistry.Default.Names, name => Assert.Contains(name, message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_study_that_a_program_builds_has_the_ranges_of_study_files()
    {
        Refused(Small with { Training = Small.Training with { Epochs = 0 } }, "'epochs' is '0'; write a whole number from 1");
        Refused(Small with { Search = Small.Search with { SamplesPerOption = 0 } }, "'samples-per-option' is '0'");
        Refused(Small with { Tasks = [] }, "name at least one task");
        Refused(Small with { Tasks = ["builtin/sentimental"] }, "builtin/sentiment");
        Refused(Small with { Space = Small.Space with { Strategies = ["lorra"] } }, "lora");
        Refused(Small with { Space = Small.Space with { Groups = 9 } }, "9 groups for the 6 layers of minilm-l6 are too many");
        Assert.Contains("'batch-size' is 0; it must be a whole number from 1", Assert.Throws<InvalidDataException>(
            () => TaskTraining.Prepare(new("builtin/sentiment") { Training = new() { BatchSize = 0 } })).Message, StringComparison.Ordinal);

        static void Refused(Study study, string part) => Assert.Contains(part, Assert.Throws<InvalidDataException>(() => StudySearch.Prepare(study)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_callers_own_policy_drives_the_search()
    {
        var asked = 0;
        var result = StudySearch.Run(Small, new() { Policy = problem => { asked++; return new SuccessiveHalvingPolicy(problem); } }, stop: TestContext.Current.CancellationToken);
        Assert.Equal((1, true), (asked, result.IsComplete));
        Assert.Equal(["rung 1"], result.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void The_callers_own_store_holds_the_search()
    {
        using var log = new StringWriter();
        using var search = StudySearch.Prepare(Small, new() { OpenStore = () => new LoggedStore(new InMemoryTrialStore(), log) });
        var result = search.Run(stop: TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete);
        var lines = log.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(result.Trials, lines.Length);
        Assert.Contains("Final full completed", lines);
        Assert.Throws<ArgumentException>(() => StudySearch.Prepare(Small, new() { Store = At("small.db"), OpenStore = () => new InMemoryTrialStore() }));
    }

    [Fact]
    public void A_second_search_in_this_process_is_refused_while_one_trains()
    {
        Exception? inside = null;
        var result = StudySearch.Run(Small, progress: new Reports(() => inside ??= Record.Exception(() => StudySearch.Run(Small, stop: TestContext.Current.CancellationToken))), stop: TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete);
        Assert.Contains("another search is already running in this process", Assert.IsType<InvalidOperationException>(inside).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsafe_use_is_refused()
    {
        using var search = StudySearch.Prepare(Small, new() { Store = At("small.db") });
        Exception? inside = null;
        var runs = 0;
        search.Run(new Reports(() => { if (runs++ == 0) inside = Record.Exception(() => search.Run(stop: TestContext.Current.CancellationToken)); }), TestContext.Current.CancellationToken);
        Assert.IsType<InvalidOperationException>(inside);
        // run again after its end, it has nothing left to do
        Assert.True(search.Run(stop: TestContext.Current.CancellationToken).IsComplete);

        using var store = new InMemoryTrialStore();
        using var workers = new InProcessWorkers(new NoRunner());
        var session = new SearchSession(search.Problem, new ExhaustivePolicy(search.Problem), store, workers);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run(stop: stop.Token));
        Assert.Contains("has run before", Assert.Throws<InvalidOperationException>(() => session.Run(stop: stop.Token)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => StudySearch.Prepare(Small, new() { Workers = 2 }));
    }

    [Fact]
    public void A_tuned_folder_of_an_older_format_still_opens_and_predicts()
    {
        var older = Path.Combine(AppContext.BaseDirectory, "Older", "tuned-format-1");
        var record = TunedFolder.Read(older);
        Assert.Equal((1, "minilm-l6", HeadKind.SentenceEncoder, 70.0), (record.Format, record.Backbone, record.Head, record.Score));
        using var model = TunedPredictor.Load(older, StrategyRegistry.Default);
        var prediction = Assert.Single(model.Predict([new("A wonderful, moving film.", null, double.NaN)], TestContext.Current.CancellationToken));
        Assert.Equal(1, prediction.Probabilities.Sum(), 1e-9);
    }

    private Search.Results.StudyResult Search(Study study) =>
        StudySearch.Run(study, new() { Store = At("small.db"), TunedFolder = At("small.tuned") }, stop: TestContext.Current.CancellationToken);

    private string At(string name) => Path.Combine(folder.FullName, name);

    private sealed class Reports(Action act) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value) => act();
    }

    private sealed class NoRunner : ITrialRunner
    {
        public TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop) => throw new InvalidOperationException("nothing should run");
    }
}
