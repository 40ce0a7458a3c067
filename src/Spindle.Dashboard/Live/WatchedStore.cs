using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spindle.Reports.Html;
using Spindle.Search.Execution;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Storage;

namespace Spindle.Dashboard.Live;

/// <summary>A store that is read while a search writes it. It is read when someone looks, and not more often than its size allows.</summary>
/// <param name="path">The store's location.</param>
/// <param name="starter">Starts searches, or null.</param>
internal sealed class WatchedStore(string path, ISearchStarter? starter) : IDisposable
{
    /// <summary>The shortest time between two looks.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    // so that looking takes at most a tenth of a core
    private const int RestPerLook = 9;

    // that someone waits for a report without a sign of life
    private static readonly TimeSpan PatienceForReport = TimeSpan.FromSeconds(2);

    // more curves at a time cannot be read
    private const int MostCurves = 32;

    private static readonly JsonSerializerOptions VersionText = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly Lock gate = new();
    private readonly LiveReport report = new(PatienceForReport);
    private readonly ProgressMeter meter = new(TimeProvider.System);
    private ISharedTrialStore? store;
    private LiveState? state;
    private string? resultOf, computing;
    private ResultView? result;
    private long looked, computed;
    private TimeSpan rest, resultRest;

    /// <summary>The store's location.</summary>
    public string Path { get; } = path;

    /// <summary>Reads from the store. One that was deleted or replaced is opened again by the next call.</summary>
    /// <exception cref="InvalidDataException">The file is not a store, or is damaged.</exception>
    /// <exception cref="FileNotFoundException">The file no longer exists.</exception>
    public T Read<T>(Func<ISharedTrialStore, T> read)
    {
        ISharedTrialStore opened;
        lock (gate) opened = store ??= TrialStores.OpenToRead(Path);
        try
        {
            return read(opened);
        }
        catch (FileNotFoundException)
        {
            lock (gate)
                if (store == opened)
                    store = null;
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Changes what is asked of the search.</summary>
    /// <exception cref="UnauthorizedAccessException">The store cannot be written.</exception>
    public void Ask(Func<SearchControl, SearchControl> change)
    {
        using var writable = TrialStores.Open(Path);
        writable.Ask(change);
        lock (gate) looked = 0;
    }

    /// <summary>Where the search stands, and its result as far as it was computed.</summary>
    public (LiveState State, ResultView? Result) Look()
    {
        lock (gate)
            if (state is { } known && looked != 0 && Stopwatch.GetElapsedTime(looked) < rest) return (known, result);
        var clock = Stopwatch.StartNew();
        LiveState now;
        try
        {
            now = Read(Look);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            now = (state ?? Nothing) with { IsRunning = false, Failure = unreadable.Message, Running = [] };
        }

        lock (gate)
        {
            (state, looked) = (now, Stopwatch.GetTimestamp());
            rest = BetweenLooks > clock.Elapsed * RestPerLook ? BetweenLooks : clock.Elapsed * RestPerLook;
            var wanted = now.Study is null ? null : string.Join(' ', now.Stages.Select(stage => FormattableString.Invariant($"{stage.Name} {stage.Done} {stage.IsDecided}")));
            if (wanted is not null && wanted != resultOf && computing is null && (computed == 0 || Stopwatch.GetElapsedTime(computed) > resultRest)) Compute(computing = wanted);
            return (now, result);
        }
    }

    /// <summary>The report for a browser on what the store holds, or null where it is still being computed.</summary>
    /// <exception cref="InvalidDataException">No search has been started on the store, or it is damaged.</exception>
    /// <exception cref="FileNotFoundException">The file no longer exists.</exception>
    public Task<string?> Report() => report.Read(Read(VersionOf), () =>
    {
        // with its own connection, so that nobody waits for it
        using var own = SqliteTrialStore.OpenToRead(Path);
        var trials = own.Trials();
        return HtmlReport.Write(StudyResult.Of(own, trials), trials, own.Losses);
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate) store?.Dispose();
    }

    private static LiveState Nothing { get; } = new(null, "", [], false, false, false, null, 0, null, null, [], null, [], "");

    // of all that a report shows; how far running trials have come is not in it
    private static string VersionOf(ITrialStore store) => Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        study = store.Study,
        stages = store.Stages(),
        counts = store.Count().Select(count => new { count.Stage, count.Option, count.Given, count.Trials, count.Finished, count.Failed, count.Points }),
        notes = store.Notes().Select(note => note.Text),
    }, VersionText)));

    private LiveState Look(ISharedTrialStore store)
    {
        var isRunning = store.IsDriven;
        var control = store.Control();
        var study = store.Study;
        var counts = store.Count();
        var running = store.Running();
        StageRecord[] stages = [.. store.Stages()];
        var current = Array.Find(stages, stage => !stage.IsDecided) ?? stages.LastOrDefault();
        return new(
            study?.Name,
            study is null ? "No search has been started on this store." : string.Create(CultureInfo.InvariantCulture, $"{study.Backbone}, {study.BackboneParameters:N0} parameters; at most {study.Budget:N0} are trained. Policy {study.Policy}."),
            [.. study?.Tasks.Select(task => task.Name) ?? []],
            isRunning,
            isRunning && control.IsPaused,
            isRunning && control.IsStopped,
            study?.Settings?.GetValueOrDefault("search.time")?.Trim('"'),
            control.ExtraTime.TotalMinutes,
            starter is null ? "This dashboard cannot start searches; run the command of the search again." : starter.Obstacle(Path),
            starter?.Failure(Path),
            [.. stages.Select(stage => Progress(stage, counts))],
            current is null ? null : ProgressView.Of(meter.Read(current, counts, 0, 0), counts),
            [.. running.Select((trial, place) => RunningTrial.Of(trial, place < MostCurves ? store.Losses(trial.Id) : []))],
            FormattableString.Invariant($"{counts.Sum(count => count.Trials)} {counts.Sum(count => count.Finished)} {string.Join(',', running.Select(trial => trial.Id))}"));
    }

    private static StageProgress Progress(StageRecord stage, IReadOnlyList<OptionCount> counts)
    {
        OptionCount[] own = [.. counts.Where(count => count.Stage == stage.Name)];
        return new(stage.Name, stage.IsDecided, stage.Chosen, own.Sum(count => count.Finished), own.Sum(count => count.Trials), [.. stage.Options.Select(option => option.Name)]);
    }

    // with its own connection, so that nobody waits for it
    private void Compute(string wanted) => _ = Task.Run(() =>
    {
        var clock = Stopwatch.StartNew();
        ResultView? view = null;
        try
        {
            using var own = TrialStores.OpenToRead(Path);
            view = ResultView.Of(StudyResult.Of(own));
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // the next look says why
        }

        lock (gate)
        {
            (result, resultOf, computing, computed) = (view ?? result, wanted, null, Stopwatch.GetTimestamp());
            resultRest = clock.Elapsed * RestPerLook;
        }
    });
}
