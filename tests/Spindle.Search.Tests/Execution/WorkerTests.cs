using Spindle.Search.Execution;
using Spindle.Search.Storage;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Execution;

public sealed class WorkerTests
{
    [Fact]
    public void The_scores_by_epoch_of_a_trial_that_runs_reach_the_store_before_it_ends()
    {
        using var store = new InMemoryTrialStore();
        store.Add([new(new("S1", "option", 0, "left", 3, 1), new Designs.Plans.TuningPlan.Sized(null, []))]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var runner = new ByEpoch(store, stop);
        new Worker("worker", store, runner).Run(stop.Token);
        // a training that diverged begins anew, without scores
        Assert.Equal([[40.0], [40.0, 55.5], [], [45.0]], runner.Seen);
        Assert.Equal([20.0, 40.0, 60.0], store.Trials()[0].EpochScores);
    }

    // reports the next scores once the store has those before
    private sealed class ByEpoch(ITrialStore store, CancellationTokenSource end) : ITrialRunner
    {
        public List<IReadOnlyList<double>> Seen { get; } = [];

        public TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop)
        {
            foreach (var (step, scores) in ((double[][])[[40], [40, 55.5], [], [45]]).Index())
            {
                progress!.Report(new(step + 1, 4, 10, 0.5) { EpochScores = scores });
                while (!store.Running()[0].EpochScores.SequenceEqual(scores)) stop.WaitHandle.WaitOne(10);
                stop.ThrowIfCancellationRequested();
                Seen.Add(store.Running()[0].EpochScores);
            }

            end.CancelAfter(TimeSpan.FromMilliseconds(300));
            return SyntheticRunner.Outcome(60, 3);
        }
    }
}
