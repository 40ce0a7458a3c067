using System.Collections.Concurrent;
using Spindle.Designs.Plans;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Stages;
using Spindle.Search.Storage;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Execution;

public sealed class TrialCostTests
{
    private static readonly TrialCost Cost = new(
    [
        new("short", 50) { TokensPerRow = 10, TrainingRows = 100, AllRows = 120 },
        new("long", 50) { TokensPerRow = 40, TrainingRows = 100, AllRows = 120 },
    ]);

    [Fact]
    public void Long_rows_many_rows_many_epochs_and_full_fine_tuning_start_first()
    {
        TrialSpec[] sorted =
        [
            Trial("long", 3) with { Plan = new TuningPlan.Full() },
            Trial("long", 3, all: true),
            Trial("long", 3),
            Trial("long", 1),
            Trial("short", 3),
            Trial("long", 1, rows: 50),
            Trial("short", 0),
        ];
        Assert.Equal(sorted, Cost.Sort(sorted.Reverse()));
        Assert.Equal(sorted, Cost.Sort(sorted));
    }

    [Fact]
    public void Trials_of_equal_costs_and_of_unknown_tasks_keep_their_order()
    {
        TrialSpec[] trials = [Trial("short", 1, option: "b"), Trial("short", 1, option: "a"), Trial("unknown", 1, option: "b"), Trial("unknown", 9, option: "a")];
        Assert.Equal(trials, Cost.Sort(trials));
    }

    [Fact]
    public void The_trials_of_the_task_with_the_longest_rows_are_claimed_first_in_each_stage_and_the_results_stay_the_same()
    {
        var (plain, sorted) = (Search(known: false), Search(known: true));
        Assert.Equal(plain.Scores, sorted.Scores);
        Assert.NotEqual(plain.Claimed, sorted.Claimed);
        foreach (var stage in sorted.Claimed.GroupBy(key => key.Stage).Where(stage => stage.Key != FinalComparison.StageName))
        {
            var tasks = stage.Select(key => key.Task).ToArray();
            Assert.Equal(tasks.OrderByDescending(task => task, StringComparer.Ordinal), tasks);
        }

        // 'left' sorts last, and has the longest rows
        static (TrialKey[] Claimed, (string Key, double? Points)[] Scores) Search(bool known)
        {
            var problem = SyntheticStudy.Problem(SyntheticStudy.Of());
            if (known) problem = problem with { Tasks = [.. problem.Tasks.Select(task => task with { TokensPerRow = task.Name == "left" ? 40 : 10 })] };
            var claimed = new ConcurrentQueue<TrialKey>();
            using var store = new InMemoryTrialStore();
            using var pool = new InProcessWorkers(new SyntheticRunner { Instead = request => Note(request.Key) }, 1, null);
            new SearchSession(problem, SearchPolicies.Create(problem), store, pool).Run(null, TestContext.Current.CancellationToken);
            return ([.. claimed], [.. store.Trials().Select(trial => (trial.Spec.Key.ToString(), trial.Points)).Order()]);

            TrialOutcome? Note(TrialKey key)
            {
                claimed.Enqueue(key);
                return null;
            }
        }
    }

    private static TrialSpec Trial(string task, int epochs, int? rows = null, bool all = false, string option = "a") =>
        new(new("S1", option, 0, task, epochs, 1) { TrainingRows = rows, UsesAllRows = all }, new TuningPlan.Sized(null, []));
}
