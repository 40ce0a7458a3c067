using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Metrics.Predictions;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Synthetic;

/// <summary>Scores designs by a formula in place of training: a function of design, task and seed.</summary>
internal sealed class SyntheticRunner : ITrialRunner
{
    private int runs;

    /// <summary>How many runs were begun.</summary>
    public int Runs => Volatile.Read(ref runs);

    /// <summary>Replaces the formula where it answers.</summary>
    public Func<TrialRequest, TrialOutcome?>? Instead { get; init; }

    /// <summary>How long a run takes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A strategy that scores best when it is alone in every layer and layers are not grouped, or null.</summary>
    public string? Favourite { get; init; }

    /// <summary>A seed of delays under which trials end in another order than they began, or null.</summary>
    public int? Shuffle { get; init; }

    public TrialOutcome Run(TrialRequest request, IProgress<TrialProgress>? progress, CancellationToken stop)
    {
        Interlocked.Increment(ref runs);
        if (Delay > TimeSpan.Zero) stop.WaitHandle.WaitOne(Delay);
        if (Shuffle is { } seed) stop.WaitHandle.WaitOne(DerivedSeed.Derive(seed, request.Key.ToString()) % 4);
        stop.ThrowIfCancellationRequested();
        if (Instead?.Invoke(request) is { } instead) return instead;
        progress?.Report(new(1, 1, 100, 0.5));
        if (request.WeightsFolder is { } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "weights"), FormattableString.Invariant($"{request.Key.Task} {request.Key.Seed}"));
        }

        var score = Score(request);
        if (Favourite is { } name && request.Plan is TuningPlan.Sized { Design.Strategies.Groups.Count: 1 } plan && plan.Layers.All(layer => layer.Strategies is [var only] && only.Name == name)) score += 30;
        return Outcome(score, request.Key.Epochs) with
        {
            ExampleSteps = 100L * request.Key.Epochs * (request.Key.AveragedRuns ?? 1),
            Predictions = [new SplitPredictions.OfLabels("validation", ["accuracy"], [0, 1], [Math.Round(score) % 2, 1])],
        };
    }

    public static TrialOutcome Outcome(double? score, int epochs, string? failure = null) => new(
        score,
        new Dictionary<string, double> { ["accuracy"] = (score ?? double.NaN) / 100 },
        [.. Enumerable.Range(1, epochs).Select(epoch => (score ?? 0) * epoch / epochs)],
        123,
        7,
        100L * epochs,
        0.25,
        failure);

    /// <summary>Noise by the seed and the task, up to one point, which all sides share.</summary>
    public static double Noise(TrialRequest request) => DerivedSeed.Derive(request.Key.Seed, "noise", request.Key.Task) % 1000 / 1000.0;

    /// <summary>The formula: it prefers spindles, uniform shares, all groups tuned and some strategies, with noise by the seed.</summary>
    public static double Score(TrialRequest request)
    {
        var noise = Noise(request);
        if (request.Plan is not TuningPlan.Sized { Design: { } design }) return 80 + noise;
        return 60 + noise
            + (design.Grouping.Pattern == GroupingPattern.Spindle ? 6 : 0)
            + (design.Allocation.Pattern == AllocationPattern.Uniform ? 4 : 0)
            + design.Tunable.Indices.Count
            + design.Strategies.Groups.Select((set, group) => set.Contains(group % 2 == 0 ? "lora" : "adapter") ? 2.0 : set.Count * 0.1).Average();
    }
}
