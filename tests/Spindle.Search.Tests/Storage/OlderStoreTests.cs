using Dapper;
using Microsoft.Data.Sqlite;
using Spindle.Designs.Plans;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Storage;

/// <summary>Stores that earlier versions wrote: a finished study of one task, two groups, two strategies and two seeds, of which one strategy does not fit its budget.</summary>
public sealed class OlderStoreTests : IDisposable
{
    private const string WithoutFormat10 = "drop index trial_pages; drop table control; drop table loss; ";

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_store_of_an_older_format_gives_the_result_that_it_gave(int format)
    {
        using var store = SqliteTrialStore.Open(Older(format));
        var result = StudyResult.Of(store);
        Assert.True(result.IsComplete);
        Assert.Equal(["S0", "S1", "S2", "S3", "S4.G1", "S4.G2"], result.Stages.Select(stage => stage.Name));
        Assert.All(result.Stages, stage => Assert.True(stage.IsDecided));
        Assert.All(result.Stages.SelectMany(stage => stage.Options), option => Assert.True(option.Trials > 0 || option.Reason is not null || option.Designs == 0));
        Assert.Equal(["adapter", "lora", "full"], result.Baselines.Select(side => side.Name));
        Assert.Equal([OptionRole.Baseline, OptionRole.Baseline, OptionRole.FullFineTuning], result.Baselines.Select(side => side.Role));
        Assert.Equal(format == 1, result.Rows.Count == 0);
        Assert.Equal(store.Trials().Count, result.Trials);

        // what is in the store is what earlier versions printed
        var finals = store.Trials("Final").Where(trial => trial.Spec.Key.Option == "found").ToArray();
        Assert.Equal(2, finals.Length);
        Assert.Equal(finals.Average(trial => trial.Outcome!.Score!.Value), result.Found!.Mean!.Value, 1e-9);
        Assert.Equal(result.Plan, Assert.IsType<TuningPlan.Sized>(finals[0].Spec.Plan));
        Assert.All(finals, trial => Assert.Equal(trial.Outcome!.Trained, result.Plan!.Parameters));
        Assert.All(finals, trial => Assert.True(trial.Spec is { KeepsWeights: true, KeepsPredictions: true }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Trials_of_an_older_store_carry_what_earlier_stages_had_fixed(int format)
    {
        using var store = SqliteTrialStore.Open(Older(format));
        var decided = new List<StageDecision>();
        foreach (var stage in store.Stages())
        {
            var given = StageDecision.Given(decided);
            foreach (var option in stage.Options)
            {
                var expected = option.Role is OptionRole.Candidate or OptionRole.Found ? given : "";
                Assert.Equal(expected, option.Given);
                Assert.All(store.Trials(stage.Name).Where(trial => trial.Spec.Key.Option == option.Name), trial => Assert.Equal(expected, trial.Spec.Key.Given));
            }

            decided.Add(new(stage.Name, stage.Chosen));
        }

        Assert.Equal(store.Trials().Select(trial => trial.Id), store.EndedAfter(0).Select(trial => trial.Id).Order());
    }

    [Fact]
    public void An_older_store_keeps_predictions_from_then_on()
    {
        using var store = SqliteTrialStore.Open(Older(1));
        Assert.Empty(store.Predictions("Final"));
        store.Add([new(new("Final", "lora", 0, "builtin/sentiment", 1, 1), new TuningPlan.Full())]);
        Metrics.Predictions.SplitPredictions kept = new Metrics.Predictions.SplitPredictions.OfLabels("validation", ["accuracy"], [1], [1]);
        Assert.True(store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(70, 1) with { Predictions = [kept] }));
        Assert.Single(store.Predictions("Final"));
    }

    [Fact]
    public void A_store_of_the_format_before_test_scores_keeps_its_outcomes_and_takes_test_scores_from_then_on()
    {
        var path = scratch["format-6.db"];
        using (var store = SqliteTrialStore.OpenOrCreate(path))
        {
            store.Add([TrialStoreSuite.Spec(0), TrialStoreSuite.Spec(1)]);
            store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(70, 1) with { Validation = 60 });
        }

        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false")) connection.Execute(WithoutFormat10 + "alter table trial drop column test; alter table trial drop column milliseconds_per_row; alter table trial drop column scoring_batch; alter table trial drop column remaining_parameters; drop index trial_key; alter table trial drop column settings; create index trial_key on trial (id); pragma user_version = 6");
        using var opened = SqliteTrialStore.Open(path);
        var kept = opened.Trials()[0].Outcome!;
        Assert.Equal((70, 60, null), (kept.Score, kept.Validation, kept.Test));
        Assert.True(opened.Complete(opened.Claim("worker")!, SyntheticRunner.Outcome(71, 1) with { Test = 65.5 }));
        Assert.Equal(65.5, opened.Trials()[1].Outcome!.Test);
    }

    [Fact]
    public void A_store_of_the_format_before_costs_of_use_and_listed_settings_takes_them_from_then_on()
    {
        var path = scratch["format-7.db"];
        using (var store = SqliteTrialStore.OpenOrCreate(path))
        {
            store.Add([TrialStoreSuite.Spec(0), TrialStoreSuite.Spec(1)]);
            store.Complete(store.Claim("worker")!, SyntheticRunner.Outcome(70, 1));
        }

        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
            connection.Execute(WithoutFormat10 + "alter table trial drop column milliseconds_per_row; alter table trial drop column scoring_batch; alter table trial drop column remaining_parameters; drop index trial_key; alter table trial drop column settings; create index trial_key on trial (id); pragma user_version = 7");
        using var opened = SqliteTrialStore.Open(path);
        var kept = opened.Trials()[0].Outcome!;
        Assert.Equal((70, null, null, null), (kept.Score, kept.MillisecondsPerRow, kept.ScoringBatch, kept.RemainingParameters));
        Assert.True(opened.Complete(opened.Claim("worker")!, SyntheticRunner.Outcome(71, 1) with { MillisecondsPerRow = 1.5, ScoringBatch = 32, RemainingParameters = 9 }));
        var taken = opened.Trials()[1].Outcome!;
        Assert.Equal((1.5, 32, 9), (taken.MillisecondsPerRow, taken.ScoringBatch, taken.RemainingParameters));
        // settings are part of the key from then on
        var listed = TrialStoreSuite.Spec(0) with { Key = TrialStoreSuite.Spec(0).Key with { Settings = "batch-size: 8" } };
        Assert.Equal(1, opened.Add([TrialStoreSuite.Spec(0), listed]));
        Assert.Equal([null, null, "batch-size: 8"], opened.Trials().Select(trial => trial.Spec.Key.Settings));
    }

    [Fact]
    public void A_search_on_a_store_of_the_format_before_dashboards_can_be_paused_and_its_trials_paged()
    {
        var path = scratch["format-9.db"];
        using (var store = SqliteTrialStore.OpenOrCreate(path)) store.Add([TrialStoreSuite.Spec(0), TrialStoreSuite.Spec(1)]);
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false")) connection.Execute(WithoutFormat10 + "pragma user_version = 9");
        using var opened = SqliteTrialStore.Open(path);
        Assert.Equal(2, opened.Page(new()).Count);
        Assert.Equal(new(), opened.Control());
        opened.Ask(asked => asked with { IsPaused = true });
        Assert.Null(opened.Claim("worker"));
    }

    [Fact]
    public void A_study_of_an_older_store_is_compared_setting_by_setting()
    {
        using var store = SqliteTrialStore.Open(Older(2));
        var there = store.Study!;
        Assert.Null(there.Settings);
        Assert.Equal("0.003", StudyText.Settings(there.Text)["training.learning-rate"]);
        var same = there with { Settings = StudyText.Settings(there.Text) };
        store.Register(same);
        var other = same with { Settings = new Dictionary<string, string>(same.Settings!) { ["training.learning-rate"] = "0.1" } };
        Assert.Contains("'training.learning-rate: 0.003' in the store", Assert.Throws<InvalidDataException>(() => store.Register(other)).Message, StringComparison.Ordinal);
    }

    private string Older(int format)
    {
        var path = scratch[FormattableString.Invariant($"format-{format}.db")];
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Storage", "Older", FormattableString.Invariant($"format-{format}.store")), path);
        return path;
    }
}
