using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Surrogates;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.WarmStarts;

namespace Spindle.Search.Tests.WarmStarts;

public sealed class EarlierStoresTests
{
    private static readonly SearchProblem First = SyntheticStudy.Problem(Rates(SyntheticStudy.Of(seed: 8, samples: 12, policy: "joint", epochs: 2)));
    private static readonly SimulatedSearch Search = SimulatedSearch.Run(First, new SmoothLandscape(8, 6, noise: 1).Score);

    [Fact]
    public void Scores_of_the_same_stage_and_training_are_comparable_and_the_study_is_named()
    {
        var earlier = EarlierSearches.Of(SyntheticStudy.Problem(Rates(SyntheticStudy.Of(policy: "joint"))), First, Search);
        Assert.Equal(("synthetic", "tiny", 0), (earlier.Name, earlier.Backbone, earlier.LeftOut));
        Assert.Equal(["left", "family/right"], earlier.Tasks);
        Assert.Contains("rung 1, 1 epochs, all rows", earlier.Scores.Select(score => score.Conditions));
        // full fine-tuning is compared at the rate of strategies to which its own belongs
        Assert.Equal([1e-3, 4e-3], earlier.Scores.Where(score => score.Plan.Kind == "full").Select(score => Math.Round(score.LearningRate!.Value, 9)).Distinct().Order());
    }

    [Fact]
    public void Sides_with_strategies_or_baselines_that_the_study_does_not_have_are_left_out_and_counted()
    {
        var study = Rates(SyntheticStudy.Of(policy: "joint"));
        var all = EarlierSearches.Of(SyntheticStudy.Problem(study), First, Search);
        var fewer = EarlierSearches.Of(SyntheticStudy.Problem(study with { Search = study.Search with { Baselines = [] } }), First, Search);
        Assert.Equal(all.Scores.Count(score => score.Plan.Kind == "full"), fewer.LeftOut);
        Assert.Equal(all.Scores.Where(score => score.Plan.Kind is null).Select(score => score.Points), fewer.Scores.Select(score => score.Points));
        var features = new DesignFeatures(SyntheticStudy.Problem(SyntheticStudy.Of(policy: "joint", strategies: ["adapter", "lora"])));
        Assert.All(all.Scores, score => Assert.Equal(score.Plan.Kind == "full" || score.Plan.Strategies.Keys.All(strategy => strategy is "adapter" or "lora"), features.Describe(score.Plan)));
    }

    [Fact]
    public void Too_few_scores_that_can_be_compared_are_refused_with_the_numbers()
    {
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(policy: "joint", strategies: ["prefix"], groups: 1));
        var refused = Assert.Throws<InvalidDataException>(() => EarlierSearches.Of(problem with { Study = problem.Study with { Search = problem.Study.Search with { Baselines = [] } } }, First, Search));
        Assert.Contains("at least 12 are needed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_is_named_twice_by_different_paths_is_refused()
    {
        using var scratch = new Scratch();
        var file = scratch["earlier.db"];
        SqliteTrialStore.OpenOrCreate(file).Dispose();
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(policy: "joint"));
        var refused = Assert.Throws<InvalidDataException>(() => EarlierStores.Read(problem, [("a.db", file), ("b.db", Path.Combine(Path.GetDirectoryName(file)!, ".", "earlier.db"))], null));
        Assert.Contains("it is named twice, also as b.db", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_keeps_what_was_read_to_the_last_digit_and_notices_what_no_search_writes()
    {
        using var scratch = new Scratch();
        var problem = SyntheticStudy.Problem(Rates(SyntheticStudy.Of(policy: "joint")));
        var record = StudyRecord.Of(problem with { Earlier = [EarlierSearches.Of(problem, First, Search)] }, "joint");
        using (var store = SqliteTrialStore.OpenOrCreate(scratch["study.db"]))
        {
            store.Register(record);
            Assert.Equal(StoredStudy.Write(record), StoredStudy.Write(store.Study!));
        }

        var damaged = StoredStudy.Write(record).Replace("\"budget\":", "\"budget\":-", StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => StoredStudy.Read(damaged, "study.db"));
        var score = record.Earlier[0].Scores[0];
        var wrong = record with { Earlier = [record.Earlier[0] with { Scores = [score with { LearningRate = -1 }] }] };
        Assert.Contains("a score of an earlier search is wrong", Assert.Throws<InvalidDataException>(() => StoredStudy.Read(StoredStudy.Write(wrong), "study.db")).Message, StringComparison.Ordinal);
    }

    private static SearchStudy Rates(SearchStudy study) => study with
    {
        LearningRates = [new(1e-3, 5e-5, true), new(4e-3, 2e-4, false)],
        Settings = new Dictionary<string, string>(study.Settings) { ["training.learning-rate"] = "[1e-3, 4e-3]", ["training.default-learning-rate"] = "1e-3", ["training.full-learning-rate"] = "5e-5" },
    };
}
