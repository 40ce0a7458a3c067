using System.Diagnostics;
using Spindle.Search.Storage;

namespace Spindle.Search.Execution;

/// <summary>Workers as processes of this machine, each of which opens the store itself. A process reads its name from
/// <see cref="WorkerProcess.NameVariable"/>, ends when its standard input closes, and must ignore the interrupt of a terminal, which reaches both it
/// and the driver. The last lines of its standard error are reported if it dies. A process that is stopped or hangs, with or without a trial, is ended and replaced.
/// Workers that others started on the store only lose their trials where they fall silent.</summary>
/// <param name="count">The number of processes; 0 to leave all trials to workers that others start.</param>
/// <param name="start">Creates the start information of a process (<c>spindle worker STORE --for-search</c>) from the place of its worker, from 0; one that replaces another has the same place.
/// This class sets its streams and its name.</param>
public sealed class WorkerProcesses(int count, Func<int, ProcessStartInfo> start) : IWorkerPool
{
    /// <summary>Workers that are all started alike.</summary>
    /// <param name="count">The number of processes, at least 0.</param>
    /// <param name="start">Creates the start information of a process.</param>
    public WorkerProcesses(int count, Func<ProcessStartInfo> start)
        : this(count, _ => start())
    {
    }

    /// <summary>How often a trial is released after its worker died, before it fails.</summary>
    public const int MostLosses = 3;

    // deaths in a row, over all workers, while no trial was running
    private const int MostDeaths = 3;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly List<Member> members = [];
    private Silence? silence, silentProcesses;
    private ITrialStore? store;
    private int started;
    private int deaths;

    /// <summary>The time without a heartbeat after which a worker is ended and replaced. One without a trial must have called <see cref="WorkerProcess.StopWhenInputCloses"/>.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public void Start(ITrialStore store)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        (this.store, silence, silentProcesses) = (store, new(HeartbeatTimeout, TimeProvider.System), new(HeartbeatTimeout, TimeProvider.System));
        for (var index = 0; index < count; index++) members.Add(StartOne(index));
    }

    /// <inheritdoc/>
    public void Watch()
    {
        // a process of another program may give no signs, and only its trials are watched
        IReadOnlyList<string> silent = [.. silence!.Find(store!.Running), .. silentProcesses!.FindBy(() => members.Where(member => member.Signs > 0).Select(member => new Silence.Sign(0, member.Name, member.Signs)))];
        foreach (var name in silent)
        {
            if (members.Find(member => member.Name == name) is { } own) own.End($"{LostTrials.Silent(HeartbeatTimeout)} and was ended");
            else LostTrials.Release(store, name, LostTrials.Silent(HeartbeatTimeout));
        }

        for (var index = 0; index < members.Count; index++)
        {
            if (!members[index].Process.HasExited) continue;
            using var dead = members[index];
            members.RemoveAt(index);
            var why = dead.Why();
            var lost = LostTrials.Release(store, dead.Name, why);
            if (lost.Count == 0 && dead.WasEnded) store.Note($"a worker without a trial {why}");
            deaths = lost.Count > 0 ? 0 : deaths + 1;
            if (deaths > MostDeaths) throw new SearchException($"the workers keep dying: the last one {why}");
            members.Insert(index, StartOne(index));
        }
    }

    /// <inheritdoc/>
    public void Stop()
    {
        foreach (var member in members) member.CloseInput();
        var patience = Stopwatch.StartNew();
        foreach (var member in members)
        {
            var left = Grace - patience.Elapsed;
            if (!member.Process.WaitForExit(left > TimeSpan.Zero ? left : TimeSpan.Zero))
            {
                member.Process.Kill(entireProcessTree: true);
                member.Process.WaitForExit();
            }

            member.Dispose();
        }

        members.Clear();
        // only once: where the store is lost, its message comes from the first call
        if (Interlocked.Exchange(ref store, null) is { } known) known.ReleaseAll();
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private Member StartOne(int place)
    {
        var name = FormattableString.Invariant($"{Environment.MachineName}-{Environment.ProcessId}-{++started}");
        var info = start(place);
        info.UseShellExecute = false;
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        info.Environment[WorkerProcess.NameVariable] = name;
        try
        {
            return new(name, Process.Start(info) ?? throw new SearchException($"the worker program {info.FileName} could not be started"));
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new SearchException($"the worker program {info.FileName} could not be started: {failure.Message}", failure);
        }
    }

    private sealed class Member : IDisposable
    {
        private const int MostLines = 20;

        private readonly Queue<string> errors = [];
        private string? ended;
        private long signs;

        public Member(string name, Process process)
        {
            (Name, Process) = (name, process);
            // both streams must be read, or a worker that writes a lot would block
            process.OutputDataReceived += (_, line) => signs += line.Data == WorkerProcess.Alive ? 1 : 0;
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public string Name { get; }

        public Process Process { get; }

        /// <summary>How often the process said that it is alive.</summary>
        public long Signs => Volatile.Read(ref signs);

        /// <summary>Whether it was ended because it hung.</summary>
        public bool WasEnded => ended is not null;

        public string Why()
        {
            // also waits for the last lines
            Process.WaitForExit();
            if (ended is not null) return ended;
            lock (errors)
            {
                var said = errors.Count == 0 ? "and wrote no error message" : $"and wrote: {string.Join(" / ", errors.TakeLast(3))}";
                return FormattableString.Invariant($"exited with code {Process.ExitCode} {said}");
            }
        }

        /// <summary>Ends a process that hangs. One that is stopped ends too.</summary>
        public void End(string why)
        {
            if (Process.HasExited) return;
            ended = why;
            Process.Kill(entireProcessTree: true);
            Process.WaitForExit();
        }

        public void CloseInput()
        {
            try
            {
                Process.StandardInput.Close();
            }
            catch (IOException)
            {
                // it has already exited
            }
        }

        public void Dispose() => Process.Dispose();

        private void Keep(string? line)
        {
            if (string.IsNullOrWhiteSpace(line)) return;
            lock (errors)
            {
                if (errors.Count == MostLines) errors.Dequeue();
                errors.Enqueue(line.Trim());
            }
        }
    }
}
