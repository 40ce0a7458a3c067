using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Execution;

public sealed class LeadingModelTests
{
    [Theory]
    [InlineData("exhaustive", 0)]
    [InlineData("exhaustive", 9)]
    [InlineData("successive-halving", 0)]
    [InlineData("successive-halving", 9)]
    [InlineData("staged", 0)]
    [InlineData("staged", 9)]
    [InlineData("joint", 0)]
    [InlineData("joint", 9)]
    public void A_search_that_is_stopped_at_any_moment_leaves_the_best_model_so_far(string policy, int fall)
    {
        // later stages may score lower, such as on other rows
        TrialOutcome? Outcome(TrialRequest request) => fall == 0 ? null : Written(request, 100 - (fall * (request.Key.Stage[^1] % 8)));
        var study = SyntheticStudy.Of(policy: policy, samples: 3);
        study = study with { Search = study.Search with { Refit = true } };
        var trials = Whole(study, Outcome);
        foreach (var ended in (int[])[2, 5, 12, trials / 2, trials - 3])
        {
            using var scratch = new Scratch();
            var root = scratch["tuned"];
            using var store = new InMemoryTrialStore();
            Stopped(study, store, root, ended, Outcome);
            var leader = StudyResult.Of(store).Leader;
            Assert.NotNull(leader);
            Assert.All(leader.Trials, trial => Assert.Equal(
                FormattableString.Invariant($"{trial.Spec.Key.Task} {trial.Spec.Key.Seed}"), File.ReadAllText(Path.Combine(TrialWeights.TaskFolder(root, trial.Spec.Key.Task), "weights"))));

            // the resumed search runs the same trials
            var result = Run(study, store, root, new() { Instead = Outcome });
            Assert.True(result.IsComplete);
            Assert.Null(result.Leader);
            Assert.Equal(trials, store.Trials().Count);
            Assert.False(Directory.Exists(Path.Combine(root, TrialWeights.TrialsFolder)));
        }
    }

    [Fact]
    public void Weights_of_trials_that_do_not_lead_are_deleted_while_the_search_runs()
    {
        var study = SyntheticStudy.Of(samples: 14);
        using var scratch = new Scratch();
        var root = scratch["tuned"];
        using var store = new InMemoryTrialStore();
        // on both tasks: the leader, a design that is not complete, the best design of each of up to 15 options, and all sides and seeds of the comparison
        var most = 6 + (2 * 15) + (2 * 5 * study.Search.FinalSeeds);
        string[]? tooMany = null;
        Stopped(study, store, root, Whole(study), _ =>
        {
            // the driver may lag behind trials that take no time
            if (tooMany is null && !SpinWait.SpinUntil(() => Kept().Length <= most, TimeSpan.FromSeconds(5))) tooMany = Kept();
            return null;
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

    private static TrialOutcome Written(TrialRequest request, double score)
    {
        if (request.WeightsFolder is { } folder) File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, "weights"), FormattableString.Invariant($"{request.Key.Task} {request.Key.Seed}"));
        return SyntheticRunner.Outcome(score + (DerivedSeed.Derive(1, request.Key.ToString()) % 1000 / 200.0), request.Key.Epochs);
    }

    private static int Whole(SearchStudy study, Func<TrialRequest, TrialOutcome?>? instead = null)
    {
        using var store = new InMemoryTrialStore();
        Run(study, store, null, new() { Instead = instead });
        return store.Trials().Count;
    }

    private static StudyResult Run(SearchStudy study, InMemoryTrialStore store, string? root, SyntheticRunner? runner = null)
    {
        var problem = SyntheticStudy.Problem(study);
        using var pool = new InProcessWorkers(runner ?? new(), 1, root);
        return new SearchSession(problem, SearchPolicies.Create(problem), store, pool, new() { TunedFolder = root }).Run(stop: TestContext.Current.CancellationToken);
    }

    // stops the search after the given number of trials
    private static void Stopped(SearchStudy study, InMemoryTrialStore store, string root, int ended, Func<TrialRequest, TrialOutcome?>? instead = null)
    {
        var problem = SyntheticStudy.Problem(study);
        using var stop = new CancellationTokenSource();
        using var pool = new InProcessWorkers(new SyntheticRunner { Instead = instead }, 1, root);
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
