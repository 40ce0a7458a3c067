using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>Claims trials and runs them one by one.</summary>
/// <param name="name">The worker's unique name in the store.</param>
/// <param name="store">The store.</param>
/// <param name="runner">Runs the trials.</param>
/// <param name="tunedFolder">The search's tuned folder, or null to keep no weights.</param>
public sealed class Worker(string name, ITrialStore store, ITrialRunner runner, string? tunedFolder = null)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs trials until it is stopped; the trial that is running then is released. If the runner throws, the trial fails and the next one is claimed.</summary>
    public void Run(CancellationToken stop)
    {
        var wait = TimeSpan.FromMilliseconds(2);
        while (!stop.IsCancellationRequested)
        {
            if (RunNext(stop)) wait = TimeSpan.FromMilliseconds(2);
            else
            {
                stop.WaitHandle.WaitOne(wait);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
    }

    /// <summary>Claims a trial and runs it.</summary>
    /// <param name="stop">Stops the trial, which is then released.</param>
    /// <returns>False if no trial is pending, or the search is paused.</returns>
    public bool RunNext(CancellationToken stop)
    {
        if (store.Claim(name) is not { } claim) return false;
        Run(claim, stop);
        return true;
    }

    private void Run(ClaimedTrial claim, CancellationToken stop)
    {
        // also stopped when the claim is stale: another worker has the trial
        using var given = CancellationTokenSource.CreateLinkedTokenSource(stop);
        TrialOutcome outcome;
        try
        {
            using var pulse = new Pulse(store, claim, given);
            outcome = runner.Run(Request(claim.Spec), pulse, given.Token);
            pulse.Dispose();
            pulse.Finish();
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested)
        {
            store.Release(claim);
            return;
        }
        catch (Exception failure)
        {
            store.Fail(claim, Line(failure));
            return;
        }

        // a design whose training diverges is worth what guessing is, not nothing
        if (outcome is { Failure: not null } or { Score: null } || !double.IsFinite(outcome.Score.Value))
            outcome = outcome with { Failure = outcome.Failure ?? "the score is not a number", Score = store.Study?.Tasks.FirstOrDefault(task => task.Name == claim.Spec.Key.Task)?.Chance };
        store.Complete(claim, claim.Spec.KeepsPredictions ? outcome : outcome with { Predictions = [] });
    }

    private TrialRequest Request(TrialSpec spec)
    {
        string? folder = null;
        if (spec.KeepsWeights && tunedFolder is not null)
        {
            folder = TrialWeights.TrialFolder(tunedFolder, spec.Key);
            // the remains of an interrupted run
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }

        return new(spec.Key, spec.Plan, folder) { ScoresValidation = spec.KeepsPredictions, Checkpoint = tunedFolder is null ? null : TrialWeights.CheckpointFile(tunedFolder, spec.Key) };
    }

    private static string Line(Exception failure)
    {
        var message = failure.Message.ReplaceLineEndings(" ").Trim();
        return failure is InvalidDataException or IOException ? message : $"{failure.GetType().Name}: {message}";
    }

    // beats on its own, because a runner that loads or scores reports no progress
    private sealed class Pulse : IProgress<TrialProgress>, IDisposable
    {
        private readonly PeriodicTimer timer = new(Heartbeat);
        private readonly Task beating;
        private readonly LossCurve curve = new();
        private readonly Func<bool> beat;
        private IReadOnlyList<double> scores = [];
        private IReadOnlyList<double> sentScores = [];
        private long examples;
        private long sent;

        public Pulse(ITrialStore store, ClaimedTrial claim, CancellationTokenSource given)
        {
            beat = () => Send(store, claim);
            beating = Beat(given);
        }

        public void Report(TrialProgress value)
        {
            Volatile.Write(ref examples, value.Examples);
            Volatile.Write(ref scores, value.EpochScores);
            if (value.Loss is { } loss) curve.Add(value.Examples, loss);
        }

        public void Dispose()
        {
            timer.Dispose();
            beating.GetAwaiter().GetResult();
        }

        /// <summary>Sends the end of the curve. A trial shorter than a heartbeat has no other.</summary>
        public void Finish()
        {
            if (curve.Changes != sent) beat();
        }

        private bool Send(ITrialStore store, ClaimedTrial claim)
        {
            var changes = curve.Changes;
            var points = changes == sent ? null : curve.Points;
            sent = changes;
            var known = Volatile.Read(ref scores);
            var changed = known.SequenceEqual(sentScores) ? null : known;
            sentScores = known;
            return store.Heartbeat(claim, Volatile.Read(ref examples), points, changed);
        }

        private async Task Beat(CancellationTokenSource given)
        {
            try
            {
                while (await timer.WaitForNextTickAsync().ConfigureAwait(false))
                    if (!beat()) await given.CancelAsync().ConfigureAwait(false);
            }
            catch (Exception)
            {
                // a store that cannot be written fails again, with its message, when the trial ends
                await given.CancelAsync().ConfigureAwait(false);
            }
        }
    }
}
