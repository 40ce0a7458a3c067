using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Policies;

/// <summary>What the contract of <see cref="ISearchPolicy"/> says, for every implementation.</summary>
public abstract class SearchPolicySuite
{
    /// <summary>A study for the policy, of so many designs or samples.</summary>
    private protected abstract SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%");

    /// <summary>The policy.</summary>
    private protected abstract ISearchPolicy Create(SearchProblem problem);

    /// <summary>Whether the policy searches a design.</summary>
    private protected virtual bool FindsDesign => true;

    /// <summary>The baselines in the order of the comparison.</summary>
    private protected virtual IReadOnlyList<string> Compared => ["adapter", "prefix", "bitfit", "lora", "full"];

    [Fact]
    public void The_same_seed_asks_for_the_same_trials_and_another_for_others()
    {
        Assert.Equal(Numbers(Study()), Numbers(Study()));
        Assert.NotEqual(Numbers(Study(seed: 1)), Numbers(Study(seed: 2)));
    }

    [Fact]
    public void A_search_ends_with_a_found_design_and_every_baseline()
    {
        using var store = new InMemoryTrialStore();
        var result = Run(Study(), store, workers: 1);
        Assert.True(result.IsComplete);
        Assert.Equal(FindsDesign, result.Plan is not null);
        Assert.Equal(FindsDesign, result.Found?.IsScored == true);
        Assert.Equal(Compared, result.Baselines.Select(side => side.Name));
        Assert.All(result.Stages, stage => Assert.True(stage.IsDecided, stage.Name));
        Assert.All(store.Trials().Where(trial => trial.Spec.Plan.Trained is not null), trial => Assert.InRange(trial.Spec.Plan.Trained!.Value, 1, result.Study.Budget));
    }

    [Fact]
    public void The_number_of_workers_and_the_order_in_which_trials_end_change_nothing()
    {
        var one = Numbers(Study());
        Assert.Equal(one, Numbers(Study(), workers: 4, shuffle: 1));
        Assert.Equal(one, Numbers(Study(), workers: 3, shuffle: 2));
    }

    [Fact]
    public void A_search_that_is_taken_up_after_every_trial_ends_as_one_that_was_not_interrupted()
    {
        var problem = SyntheticStudy.Problem(Study());
        var (runner, finished, seen) = (new SyntheticRunner(), new FinishedTrials(), new Dictionary<TrialKey, TrialSpec>());
        var id = 0;
        while (true)
        {
            // a fresh policy each time knows what the store knows, and nothing else
            var step = Create(problem).Next(finished);
            Assert.DoesNotContain(step.Trials, spec => finished.Find(spec.Key) is not null);
            foreach (var spec in step.Trials) Assert.Equal(spec, seen.TryGetValue(spec.Key, out var before) ? before : seen[spec.Key] = spec);
            if (step.IsDone) break;
            var next = step.Trials.OrderBy(spec => spec.Priority).First();
            var outcome = runner.Run(new(next.Key, next.Plan), null, TestContext.Current.CancellationToken);
            finished.Add(new(++id, next, TrialState.Completed) { Outcome = outcome, EndOrder = id });
        }

        using var whole = new InMemoryTrialStore();
        Run(Study(), whole, workers: 1);
        Assert.Equal(Lines(whole.Trials().Select(trial => trial.Spec)), Lines(seen.Values));
    }

    [Fact]
    public void What_was_requested_stays_requested_until_it_has_ended()
    {
        var problem = SyntheticStudy.Problem(Study());
        var policy = Create(problem);
        var (runner, finished, random) = (new SyntheticRunner(), new FinishedTrials(), new Random(5));
        var waiting = new HashSet<TrialKey>();
        for (var id = 1; policy.Next(finished) is { IsDone: false } step; id++)
        {
            Assert.Superset(waiting, step.Trials.Select(spec => spec.Key).ToHashSet());
            waiting = [.. step.Trials.Select(spec => spec.Key)];
            var next = step.Trials[random.Next(step.Trials.Count)];
            waiting.Remove(next.Key);
            finished.Add(new(id, next, TrialState.Completed) { Outcome = runner.Run(new(next.Key, next.Plan), null, TestContext.Current.CancellationToken), EndOrder = id });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void It_never_requests_more_trials_than_its_limit(int samples)
    {
        using var store = new InMemoryTrialStore();
        var study = Study(samples: samples);
        var limit = Create(SyntheticStudy.Problem(study)).MaximumTrials;
        Run(study, store, workers: 2);
        Assert.InRange(store.Trials().Count, 1, limit);
    }

    [Fact]
    public void A_study_that_grows_keeps_the_trials_that_were_paid_for()
    {
        using var store = new InMemoryTrialStore();
        Run(Study(samples: 2), store, workers: 1);
        var paid = store.Trials().ToDictionary(trial => trial.Id);
        var more = new SyntheticRunner();
        var result = Run(Study(samples: 4), store, workers: 1, more);
        Assert.True(result.IsComplete);
        Assert.All(paid, trial => Assert.Equal(trial.Value, store.Trials().First(other => other.Id == trial.Key)));
        Assert.Equal(store.Trials().Count - paid.Count, more.Runs);

        // it finds what a search of that size from the start finds
        using var fresh = new InMemoryTrialStore();
        var whole = Run(Study(samples: 4), fresh, workers: 1);
        Assert.Equal(whole.Plan, result.Plan);
        Assert.Equal(whole.Found?.Mean, result.Found?.Mean);
        Assert.Equal((whole.Winner!.Name, whole.Winner.Mean), (result.Winner!.Name, result.Winner.Mean));
        Assert.Equal(whole.Stages.Select(stage => (stage.Name, stage.Chosen, stage.Winner?.Mean)), result.Stages.Select(stage => (stage.Name, stage.Chosen, stage.Winner?.Mean)));
        Assert.True(more.Runs < fresh.Trials().Count, "nothing was saved");
    }

    [Fact]
    public void A_search_goes_on_without_designs_that_cannot_be_run()
    {
        using var store = new InMemoryTrialStore();
        var result = Run(Study(), store, workers: 2, new()
        {
            Instead = request => IsSecond(request.Key) ? throw new IOException("no memory") : null,
        });
        Assert.True(result.IsComplete);
        Assert.Equal(FindsDesign, result.Found?.IsScored == true);
        Assert.True(result.Winner!.IsScored);
        var failed = store.Trials().Where(trial => trial.State == TrialState.Failed).ToArray();
        Assert.NotEmpty(failed);
        Assert.All(failed, trial => Assert.True(IsSecond(trial.Spec.Key)));

        // the second design of an option, or the option that the second design is; without a search, a strategy alone
        bool IsSecond(TrialKey key) => !FindsDesign ? key is { Option: "lora", Sample: 1 } : key.Stage != FinalComparison.StageName && (key.Sample == 1 || key.Option.StartsWith("design 2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_search_of_which_nothing_can_be_run_stops_until_the_cause_is_gone()
    {
        using var store = new InMemoryTrialStore();
        var stopped = Assert.Throws<SearchException>(() => Run(Study(), store, workers: 1, new() { Instead = _ => throw new IOException("no memory") }));
        Assert.Contains("no memory", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(Numbers(Study()), Resumed());

        string Resumed()
        {
            Run(Study(), store, workers: 1);
            return StoreNumbers.Sorted(store);
        }
    }

    [Fact]
    public void A_budget_under_which_nothing_fits_is_refused_with_the_reason()
    {
        var problem = SyntheticStudy.Problem(Study(budget: "10"));
        var refused = Assert.Throws<InvalidDataException>(Create(problem).RequireFeasible);
        Assert.Contains("fits the budget of 10", refused.Message, StringComparison.Ordinal);
        using var store = new InMemoryTrialStore();
        Assert.Equal(refused.Message, Assert.Throws<InvalidDataException>(() => Run(Study(budget: "10"), store, workers: 1)).Message);
    }

    private string Numbers(SearchStudy study, int workers = 1, int? shuffle = null)
    {
        using var store = new InMemoryTrialStore();
        Run(study, store, workers, new() { Shuffle = shuffle });
        return StoreNumbers.Sorted(store);
    }

    private StudyResult Run(SearchStudy study, ITrialStore store, int workers, SyntheticRunner? runner = null)
    {
        var problem = SyntheticStudy.Problem(study);
        using var pool = new InProcessWorkers(runner ?? new(), workers);
        return new SearchSession(problem, Create(problem), store, pool).Run(stop: TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Lines(IEnumerable<TrialSpec> specs) => specs.Select(spec => $"{spec.Key} {spec.Key.Given} {spec.Key.Seed} {spec.Key.Epochs} {spec.Plan}").Order(StringComparer.Ordinal);
}
