using MathNet.Numerics.Distributions;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Execution;

/// <summary>The best options of a stage while it runs, from the trials that have ended.</summary>
/// <param name="tasks">The tasks.</param>
internal sealed class StageLeaders(IReadOnlyCollection<TaskChance> tasks)
{
    private const double Confidence = 0.95;

    private readonly Dictionary<(string Stage, string Option, string Given), List<Trial>> ended = [];
    private readonly ScoreBounds bounds = ScoreBounds.Of(tasks);
    private (StageRecord Stage, int Count, IReadOnlyList<LeadingOption> Leaders)? last;
    private int count;

    /// <summary>Adds a trial that has ended.</summary>
    public void Add(Trial trial)
    {
        var key = (trial.Spec.Key.Stage, trial.Spec.Key.Option, trial.Spec.Key.Given);
        if (!ended.TryGetValue(key, out var trials)) ended.Add(key, trials = []);
        trials.Add(trial);
        count++;
    }

    /// <summary>The options of a stage from the best to the worst.</summary>
    public IReadOnlyList<LeadingOption> Of(StageRecord stage)
    {
        // asked several times a second
        if (last is { } known && known.Count == count && known.Stage == stage) return known.Leaders;
        LeadingOption[] leaders = [.. stage.Options.Where(option => option.Dropped is null).Select(option => Of(stage, option)).OfType<LeadingOption>().OrderByDescending(option => option.Mean)];
        last = (stage, count, leaders);
        return leaders;
    }

    private LeadingOption? Of(StageRecord stage, OptionRecord option)
    {
        var own = Trials(stage.Name, option.Name, option.Given);
        Trial[] reused = [.. option.Reused.SelectMany(design => Trials(design.Stage, design.Option, design.Given).Where(trial => design.Has(trial.Spec.Key)))];
        var score = OptionScore.Of([.. OptionScore.SampleMeans([.. reused, .. own.Where(trial => reused.All(other => other.Spec.Key.Sample != trial.Spec.Key.Sample))], tasks.Count).Values]);
        if (score.Mean is not { } mean) return null;
        if (score.StandardError is not { } error) return new(option.Name, score.Designs, mean, null, null);
        var (lower, upper) = bounds.Around(mean, StudentT.InvCDF(0, 1, score.Designs - 1, (1 + Confidence) / 2) * error);
        return new(option.Name, score.Designs, mean, lower, upper);
    }

    private List<Trial> Trials(string stage, string option, string given) => ended.GetValueOrDefault((stage, option, given)) ?? [];
}
