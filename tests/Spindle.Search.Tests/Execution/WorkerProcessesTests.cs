using System.Diagnostics;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Execution;

public sealed class WorkerProcessesTests
{
    [Fact]
    public void A_search_that_is_killed_at_random_moments_ends_with_the_numbers_of_an_uninterrupted_one()
    {
        using var scratch = new Scratch();
        var path = scratch["killed.db"];
        var random = new Random(21);
        var killed = 0;
        for (var round = 0; round < 20; round++)
        {
            using var driver = Process.Start(OwnProcess.Start("driver", path))!;
            // at any time, before it has done anything too, and after some more trials
            if (round % 2 == 0) driver.WaitForExit(TimeSpan.FromMilliseconds(random.Next(20, 400)));
            else WaitForTrials(path, random.Next(1, 8), driver);
            if (driver.HasExited) continue;
            driver.Kill();
            driver.WaitForExit();
            killed++;
        }

        Assert.Equal(20, killed);
        using (var last = Process.Start(OwnProcess.Start("driver", path))!)
        {
            Assert.True(last.WaitForExit(TimeSpan.FromMinutes(2)), "the search that was resumed does not end");
            Assert.Equal(0, last.ExitCode);
        }

        using var store = SqliteTrialStore.Open(path);
        using var whole = new InMemoryTrialStore();
        using var workers = new InProcessWorkers(new SyntheticRunner());
        var study = OwnProcess.Study;
        Session(study, whole, workers).Run(stop: TestContext.Current.CancellationToken);
        Assert.Equal(StoreNumbers.Of(whole), StoreNumbers.Of(store));
        Assert.True(AllEnd(scratch), "a worker outlives its driver");
    }

    [Fact]
    public void A_trial_at_which_workers_die_fails_and_the_search_goes_on()
    {
        using var scratch = new Scratch();
        var path = scratch["deadly.db"];
        using var store = SqliteTrialStore.OpenOrCreate(path);
        using var workers = new WorkerProcesses(1, () => OwnProcess.Start("worker", path, "deadly"));
        var study = SyntheticStudy.Of(strategies: ["lora"], samples: 2);
        var result = Session(study, store, workers).Run(stop: TestContext.Current.CancellationToken);

        Assert.True(result.IsComplete);
        var failed = Assert.Single(store.Trials(), trial => trial.State != TrialState.Completed);
        Assert.True(OwnProcess.IsDeadly(failed.Spec.Key));
        Assert.Equal((TrialState.Failed, 4), (failed.State, failed.Losses));
        Assert.Contains("its worker died 4 times", failed.Failure, StringComparison.Ordinal);
        Assert.Equal(4, store.Notes().Count);
        Assert.True(AllEnd(scratch), "a worker outlives its search");
    }

    [Fact]
    public void A_worker_that_is_stopped_is_ended_and_replaced_and_its_trial_runs_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals are sent by kill");
        using var scratch = new Scratch();
        var path = scratch["stopped.db"];
        using var store = SqliteTrialStore.OpenOrCreate(path);
        using var workers = new WorkerProcesses(1, () => OwnProcess.Start("worker", path, "stopping")) { HeartbeatTimeout = TimeSpan.FromSeconds(3) };
        var result = Session(SyntheticStudy.Of(strategies: ["lora"], samples: 2), store, workers).Run(stop: TestContext.Current.CancellationToken);

        Assert.True(result.IsComplete);
        Assert.All(store.Trials(), trial => Assert.Equal(TrialState.Completed, trial.State));
        var lost = Assert.Single(store.Trials(), trial => trial.Losses > 0);
        Assert.True(OwnProcess.IsDeadly(lost.Spec.Key));
        var note = Assert.Single(store.Notes());
        Assert.Contains("it sent no heartbeat for 3 seconds and was ended", note.Text, StringComparison.Ordinal);
        Assert.True(AllEnd(scratch), "the stopped worker outlives its search");
    }

    [Fact]
    public void A_worker_that_is_stopped_while_it_holds_no_trial_is_ended_and_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals are sent by kill");
        using var scratch = new Scratch();
        var path = scratch["idle.db"];
        using var store = SqliteTrialStore.OpenOrCreate(path);
        using var workers = new WorkerProcesses(1, () => OwnProcess.Start("worker", path, "stopping-idle")) { HeartbeatTimeout = TimeSpan.FromSeconds(3) };
        // without a replacement, nothing would ever run
        var result = Session(SyntheticStudy.Of(strategies: ["lora"], samples: 2), store, workers).Run(stop: TestContext.Current.CancellationToken);

        Assert.True(result.IsComplete);
        Assert.All(store.Trials(), trial => Assert.Equal((TrialState.Completed, 0), (trial.State, trial.Losses)));
        Assert.Equal("a worker without a trial sent no heartbeat for 3 seconds and was ended", Assert.Single(store.Notes()).Text);
        Assert.True(AllEnd(scratch), "the stopped worker outlives its search");
    }

    [Fact]
    public void A_worker_that_waits_long_for_a_trial_is_left_alone()
    {
        using var scratch = new Scratch();
        var path = scratch["waiting.db"];
        using var store = SqliteTrialStore.OpenOrCreate(path);
        using var workers = new WorkerProcesses(1, () => OwnProcess.Start("worker", path)) { HeartbeatTimeout = TimeSpan.FromSeconds(2) };
        workers.Start(store);
        for (var look = 0; look < 60; look++)
        {
            workers.Watch();
            Thread.Sleep(100);
        }

        Assert.Single(Directory.GetFiles(scratch[""], "*.pid"));
        Assert.Empty(store.Notes());
    }

    [Fact]
    public void Workers_that_do_not_stay_alive_end_the_search_with_their_last_words()
    {
        using var scratch = new Scratch();
        var path = scratch["stillborn.db"];
        using var store = SqliteTrialStore.OpenOrCreate(path);
        using var workers = new WorkerProcesses(2, () => OwnProcess.Start("worker", path, "stillborn"));
        var study = SyntheticStudy.Of();
        var ended = Assert.Throws<SearchException>(() =>
            Session(study, store, workers).Run(stop: TestContext.Current.CancellationToken));
        Assert.Contains("libtorch is nowhere to be found", ended.Message, StringComparison.Ordinal);
        Assert.All(store.Trials(), trial => Assert.Equal(TrialState.Pending, trial.State));
    }

    [Fact]
    public void A_program_that_cannot_be_started_is_named()
    {
        using var store = new InMemoryTrialStore();
        using var workers = new WorkerProcesses(1, () => new ProcessStartInfo("/no/such/spindle"));
        var study = SyntheticStudy.Of();
        var ended = Assert.Throws<SearchException>(() =>
            Session(study, store, workers).Run(stop: TestContext.Current.CancellationToken));
        Assert.Contains("/no/such/spindle", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_drivers_do_not_search_in_one_store()
    {
        using var scratch = new Scratch();
        var path = scratch["held.db"];
        using var store = SqliteTrialStore.OpenOrCreate(path);
        using var held = store.LockForDriver();
        var info = OwnProcess.Start("driver", path);
        info.RedirectStandardError = true;
        using var second = Process.Start(info)!;
        var said = second.StandardError.ReadToEnd();
        second.WaitForExit();
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another search is running on this store", said, StringComparison.Ordinal);
    }

    private static void WaitForTrials(string path, int more, Process driver)
    {
        int? before = null;
        SpinWait.SpinUntil(() =>
        {
            Thread.Sleep(5);
            if (driver.HasExited) return true;
            if (!File.Exists(path)) return false;
            using var store = SqliteTrialStore.OpenOrCreate(path);
            var done = store.Count().Sum(count => count.Finished);
            before ??= done;
            return done >= before + more;
        });
    }

    // workers leave a file named by their process; the process of each is to end soon after its driver
    private static bool AllEnd(Scratch scratch)
    {
        int[] workers = [.. Directory.GetFiles(scratch[""], "*.pid").Select(file => int.Parse(file.Split('.')[^2], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.NotEmpty(workers);
        return SpinWait.SpinUntil(() => !workers.Any(IsAlive), TimeSpan.FromSeconds(30));
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited && process.ProcessName.StartsWith("Spindle", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static SearchSession Session(SearchStudy study, ITrialStore store, IWorkerPool workers)
    {
        var problem = SyntheticStudy.Problem(study);
        return new(problem, SearchPolicies.Create(problem), store, workers);
    }
}
