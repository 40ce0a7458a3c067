using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Execution;

public sealed class LeadingModelTests
{
    [Theory]
    [InlineData("exhaustive")]
    [InlineData("successive-halving")]
    [InlineData("joint")]
    public void A_search_that_is_stopped_at_any_moment_leaves_the_best_model_so_far(string policy)
    {
        var study = SyntheticStudy.Of(policy: policy, samples: 3);
        study = study with { Search = study.Search with { Refit = true } };
        var trials = Whole(study);
        foreach (var ended in (int[])[2, 5, 12, trials / 2, trials - 3])
        {
            using var scratch = new Scratch();
            var root = scratch["tuned"];
            using var store = new InMemoryTrialStore();
            Stopped(study, store, root, ended);
            var leader = StudyResult.Of(store).Leader;
            Assert.NotNull(leader);
            Assert.All(leader.Trials, trial => Assert.Equal(
                FormattableString.Invariant($"{trial.Spec.Key.Task} {trial.Spec.Key.Seed}"), File.ReadAllText(Path.Combine(TrialWeights.TaskFolder(root, trial.Spec.Key.Task), "weights"))));

            // it goes on as if nothing had happened
            var result = Run(study, store, root);
            Assert.True(result.IsComplete);
            Assert.Null(result.Leader);
            Assert.Equal(trials, store.Trials().Count);
            Assert.False(Directory.Exists(Path.Combine(root, TrialWeights.TrialsFolder)));
        }
    }

    [Fact]
    public void Weights_of_trials_that_do_not_lead_are_deleted_while_the_search_runs()
    {
        var study = SyntheticStudy.Of(samples: 6);
        using var scratch = new Scratch();
        var root = scratch["tuned"];
        using var store = new InMemoryTrialStore();
        // both tasks of the leader, of a design that is not complete, and of all sides and seeds of the comparison
        var most = 6 + (2 * 5 * study.Search.FinalSeeds);
        string[]? tooMany = null;
        Stopped(study, store, root, Whole(study), () =>
        {
            // the driver may lag behind trials that take no time
            if (tooMany is null && !SpinWait.SpinUntil(() => Kept().Length <= most, TimeSpan.FromSeconds(5))) tooMany = Kept();
        });
        Assert.Null(tooMany);
        Assert.True(store.Trials().Count > 5 * most);

        string[] Kept() => Directory.Exists(Path.Combine(root, TrialWeights.TrialsFolder)) ? Directory.GetDirectories(Path.Combine(root, TrialWeights.TrialsFolder)) : [];
    }

    [Fact]
    public void Every_trial_has_a_file_for_where_its_training_stands_beside_the_weights()
    {
        using var scratch = new Scratch();
        using var store = new InMemoryTrialStore();
        var files = new List<string?>();
        Run(SyntheticStudy.Of(samples: 1), store, scratch["tuned"], new SyntheticRunner
        {
            Instead = request =>
            {
                files.Add(request.Checkpoint);
                return null;
            },
        });
        Assert.Equal(store.Trials().Count, files.Distinct().Count());
        Assert.All(files, file => Assert.Equal(Path.Combine(scratch["tuned"], TrialWeights.TrialsFolder), Path.GetDirectoryName(file)));
    }

    private static int Whole(SearchStudy study)
    {
        using var store = new InMemoryTrialStore();
        Run(study, store, null);
        return store.Trials().Count;
    }

    private static StudyResult Run(SearchStudy study, InMemoryTrialStore store, string? root, SyntheticRunner? runner = null)
    {
        var problem = SyntheticStudy.Problem(study);
        using var pool = new InProcessWorkers(runner ?? new(), 1, root);
        return new SearchSession(problem, SearchPolicies.Create(problem), store, pool, new() { TunedFolder = root }).Run(stop: TestContext.Current.CancellationToken);
    }

    // stops as soon as so many trials have ended
    private static void Stopped(SearchStudy study, InMemoryTrialStore store, string root, int ended, Action? look = null)
    {
        var problem = SyntheticStudy.Problem(study);
        using var stop = new CancellationTokenSource();
        using var pool = new InProcessWorkers(new SyntheticRunner
        {
            Instead = _ =>
            {
                look?.Invoke();
                return null;
            },
        }, 1, root);
        try
        {
            new SearchSession(problem, SearchPolicies.Create(problem), store, pool, new() { TunedFolder = root }).Run(new Watch(stop, ended), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private sealed class Watch(CancellationTokenSource stop, int ended) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
            if (value.Done >= ended) stop.Cancel();
        }
    }
}
