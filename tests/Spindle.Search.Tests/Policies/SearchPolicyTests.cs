using Spindle.Designs.Plans;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Policies;

public sealed class ExhaustivePolicyTests : SearchPolicySuite
{
    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") => SyntheticStudy.Of(seed: seed, samples: samples, budget: budget);

    private protected override ISearchPolicy Create(SearchProblem problem) => new ExhaustivePolicy(problem);

    [Fact]
    public void Baselines_fill_workers_that_would_wait_for_the_end_of_a_stage()
    {
        var problem = SyntheticStudy.Problem(Study());
        var step = Create(problem).Next(new());
        Assert.Equal(["S0"], step.Stages.Select(stage => stage.Name));
        Assert.All(step.Trials.Where(spec => spec.Key.Stage == "S0"), spec => Assert.Equal(0, spec.Priority));
        var fillers = step.Trials.Where(spec => spec.Key.Stage != "S0").ToArray();
        Assert.Equal(5 * 2 * 2, fillers.Length);
        Assert.All(fillers, spec => Assert.True(spec.Priority > 0));
    }
}

public sealed class SuccessiveHalvingPolicyTests : SearchPolicySuite
{
    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") =>
        SyntheticStudy.Of(seed: seed, samples: 4 * samples, budget: budget, policy: "successive-halving", epochs: 8);

    private protected override ISearchPolicy Create(SearchProblem problem) => new SuccessiveHalvingPolicy(problem);

    [Fact]
    public void Each_rung_trains_the_better_half_for_twice_as_many_epochs()
    {
        var problem = SyntheticStudy.Problem(Study());
        using var store = new InMemoryTrialStore();
        using var workers = new InProcessWorkers(new SyntheticRunner());
        var result = new SearchSession(problem, Create(problem), store, workers).Run(stop: TestContext.Current.CancellationToken);

        Assert.Equal(["rung 1", "rung 2", "rung 3", "rung 4"], result.Stages.Select(stage => stage.Name));
        Assert.Equal([8, 4, 2, 1], result.Stages.Select(stage => stage.Options.Count));
        Assert.Equal([1, 2, 4, 8], result.Stages.Select(stage => store.Trials(stage.Name).Select(trial => trial.Spec.Key.Epochs).Distinct().Single()));
        foreach (var (rung, next) in result.Stages.Zip(result.Stages.Skip(1)))
        {
            var kept = next.Options.Select(option => option.Name).ToHashSet();
            Assert.True(rung.Options.Where(option => kept.Contains(option.Name)).Min(option => option.Mean) >= rung.Options.Where(option => !kept.Contains(option.Name)).Max(option => option.Mean));
        }

        Assert.Equal(result.Plan, store.Trials("rung 4")[0].Spec.Plan);
    }

    [Fact]
    public void A_design_that_cannot_be_run_does_not_advance()
    {
        var problem = SyntheticStudy.Problem(Study());
        using var store = new InMemoryTrialStore();
        // eight designs, of which one can be run
        using var workers = new InProcessWorkers(new SyntheticRunner
        {
            Instead = request => request.Key.Stage.StartsWith("rung", StringComparison.Ordinal) && request.Key.Option != "design 6" ? throw new IOException("no memory") : null,
        });
        var result = new SearchSession(problem, Create(problem), store, workers).Run(stop: TestContext.Current.CancellationToken);
        Assert.Equal([8, 1, 1, 1], result.Stages.Select(stage => stage.Options.Count));
        Assert.Equal(result.Plan, store.Trials("rung 1").Single(trial => trial is { State: TrialState.Completed, Spec.Key.Task: "left" }).Spec.Plan);
        Assert.All(result.Stages, stage => Assert.Equal("design 6", stage.Chosen));
    }

    [Fact]
    public void A_study_that_grows_by_a_rung_reports_each_rung_by_its_own_epochs()
    {
        using var grown = new InMemoryTrialStore();
        Run(grown, samples: 2);
        var result = Run(grown, samples: 4);
        using var fresh = new InMemoryTrialStore();
        var whole = Run(fresh, samples: 4);
        Assert.Equal(["rung 1", "rung 2", "rung 3"], result.Stages.Select(stage => stage.Name));
        Assert.Equal(
            whole.Stages.SelectMany(stage => stage.Options.Select(option => (stage.Name, option.Name, option.Trials, option.Mean))),
            result.Stages.SelectMany(stage => stage.Options.Select(option => (stage.Name, option.Name, option.Trials, option.Mean))));
        Assert.Equal(whole.Found!.Mean, result.Found!.Mean);

        StudyResult Run(InMemoryTrialStore store, int samples)
        {
            var problem = SyntheticStudy.Problem(SyntheticStudy.Of(samples: samples, policy: "successive-halving", epochs: 8));
            using var workers = new InProcessWorkers(new SyntheticRunner());
            return new SearchSession(problem, Create(problem), store, workers).Run(stop: TestContext.Current.CancellationToken);
        }
    }
}

/// <summary>A policy that the tests bring: no line of the product knows it.</summary>
public sealed class OwnPolicyTests : SearchPolicySuite
{
    private protected override SearchStudy Study(int seed = 42, int samples = 2, string budget = "5%") => SyntheticStudy.Of(seed: seed, samples: samples, budget: budget);

    private protected override ISearchPolicy Create(SearchProblem problem) => new RandomDesigns(problem);

    [Fact]
    public void Trials_of_other_rows_and_learning_rates_run_as_they_were_requested()
    {
        var problem = SyntheticStudy.Problem(Study());
        using var store = new InMemoryTrialStore();
        var ran = new List<TrialKey>();
        using var workers = new InProcessWorkers(new SyntheticRunner { Instead = request => { lock (ran) ran.Add(request.Key); return null; } });
        new SearchSession(problem, Create(problem), store, workers).Run(stop: TestContext.Current.CancellationToken);
        Assert.Contains(ran, key => key is { TrainingRows: 10, LearningRate: 1e-3 });
        Assert.Contains(ran, key => key is { TrainingRows: 10, LearningRate: 3e-3 });
        Assert.Equal(store.Trials().Select(trial => trial.Spec.Key).ToHashSet(), ran.ToHashSet());
    }

    // random designs, each at two learning rates on a few rows
    private sealed class RandomDesigns(SearchProblem problem) : ISearchPolicy
    {
        private static readonly double[] Rates = [1e-3, 3e-3];

        private readonly FinalComparison comparison = new(problem);
        private readonly Stage stage = new("random", [new("any", Designs.DesignConstraints.None, "any design")], true);
        private OptionDesigns? designs;

        private OptionDesigns Sampled => designs ??= StageSampler.Draw(problem, stage, problem.Study.Search.SamplesPerOption)[0];

        public string Name => "random";

        public long MaximumTrials => (long)problem.Study.Search.SamplesPerOption * Rates.Length * problem.Tasks.Count + comparison.MaximumTrials;

        public void RequireFeasible() => StageRecord.Of(stage, [Sampled], "").RequireFeasible(problem);

        public PolicyStep Next(FinishedTrials finished)
        {
            var record = StageRecord.Of(stage, [Sampled], "");
            TrialSpec[] trials = [.. Sampled.Designs.SelectMany(design => Rates.SelectMany(rate => problem.Tasks.Select(task => Spec(design, rate, task.Name))))];
            TrialSpec[] waiting = [.. trials.Where(spec => finished.Find(spec.Key) is null)];
            if (waiting.Length > 0 || trials.Length == 0) return new([record], waiting, false);
            var found = (TuningPlan.Sized)trials.MaxBy(spec => finished.Find(spec.Key)!.Points)!.Plan;
            var given = found.Design!.ToString();
            var (stages, last) = comparison.Compare(found, given, finished);
            return new([record with { IsDecided = true, Chosen = "any" }, .. stages], last, last.Count == 0);
        }

        private TrialSpec Spec(SampledDesign design, double rate, string task) => new(
            new(stage.Name, "any", design.Sample, task, 1, DerivedSeed.Derive(problem.Study.Search.Seed, task, FormattableString.Invariant($"{design.Sample}"))) { TrainingRows = 10, LearningRate = rate },
            design.Plan);
    }
}
