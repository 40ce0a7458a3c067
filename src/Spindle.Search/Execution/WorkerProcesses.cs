using System.Diagnostics;
using Spindle.Search.Storage;

namespace Spindle.Search.Execution;

/// <summary>Workers as processes of this machine, each of which opens the store by itself. A process is told its name by
/// <see cref="WorkerProcess.NameVariable"/>, ends when its standard input closes, and must not end on the interrupt of a terminal, which reaches it as well
/// as the driver. The last lines of its standard error say why it died.</summary>
/// <param name="count">The number of processes, at least 1.</param>
/// <param name="start">Makes what starts a process (<c>spindle worker --store FILE</c>); streams and the name are set here.</param>
public sealed class WorkerProcesses(int count, Func<ProcessStartInfo> start) : IWorkerPool
{
    /// <summary>How often a trial is put back when its worker dies, before it has failed.</summary>
    public const int MostLosses = 3;

    // deaths in a row, of all workers, with no trial to blame
    private const int MostDeaths = 3;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly List<Member> members = [];
    private ITrialStore? store;
    private int started;
    private int deaths;

    /// <inheritdoc/>
    public void Start(ITrialStore store)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        this.store = store;
        for (var index = 0; index < count; index++) members.Add(StartOne());
    }

    /// <inheritdoc/>
    public void Watch()
    {
        for (var index = 0; index < members.Count; index++)
        {
            if (!members[index].Process.HasExited) continue;
            using var dead = members[index];
            members.RemoveAt(index);
            var why = dead.Why();
            var lost = store!.Lose(dead.Name, MostLosses, $"its worker died {MostLosses + 1} times; the last time it {why}");
            foreach (var trial in lost) store.Note($"a worker died at trial {trial.Spec.Key} (loss {trial.Losses}): it {why}");
            deaths = lost.Count > 0 ? 0 : deaths + 1;
            if (deaths > MostDeaths) throw new SearchException($"the workers do not stay alive: the last {why}");
            members.Insert(index, StartOne());
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
        if (store is not null) store.ReleaseAll();
        store = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private Member StartOne()
    {
        var name = FormattableString.Invariant($"{Environment.MachineName}-{Environment.ProcessId}-{++started}");
        var info = start();
        info.UseShellExecute = false;
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        info.Environment[WorkerProcess.NameVariable] = name;
        try
        {
            return new(name, Process.Start(info) ?? throw new SearchException($"no worker could be started as {info.FileName}"));
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new SearchException($"no worker could be started as {info.FileName}: {failure.Message}", failure);
        }
    }

    private sealed class Member : IDisposable
    {
        private const int MostLines = 20;

        private readonly Queue<string> errors = [];

        public Member(string name, Process process)
        {
            (Name, Process) = (name, process);
            // both are read to the end, or a worker that writes much would wait for ever
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public string Name { get; }

        public Process Process { get; }

        public string Why()
        {
            // also waits until the last lines have arrived
            Process.WaitForExit();
            lock (errors)
            {
                var said = errors.Count == 0 ? "without a word" : $"saying: {string.Join(" / ", errors.TakeLast(3))}";
                return FormattableString.Invariant($"ended with code {Process.ExitCode} {said}");
            }
        }

        public void CloseInput()
        {
            try
            {
                Process.StandardInput.Close();
            }
            catch (IOException)
            {
                // it has ended already
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
