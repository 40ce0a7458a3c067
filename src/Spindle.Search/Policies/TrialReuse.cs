using Spindle.Designs.Plans;
using Spindle.Search.Stages;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>The designs that a search trains, by what they train, so that a later stage finds what an earlier one trained under the same conditions.</summary>
internal sealed class TrialReuse
{
    private readonly Dictionary<(int Plan, int Sample, int Epochs, int? Rows), TrainedDesign> first = [];
    private readonly List<TrainedDesign> designs = [];

    /// <summary>The designs in the order in which they were added, each once.</summary>
    public IReadOnlyList<TrainedDesign> All => designs;

    /// <summary>The design that trains what a design asks for: an earlier one, or the design itself, which is added.</summary>
    public TrainedDesign FindOrAdd(TrainedDesign design)
    {
        var key = design.Trials[0].Key;
        var content = (design.Plan, key.Sample, key.Epochs, key.TrainingRows);
        if (first.TryGetValue(content, out var earlier)) return earlier;
        first.Add(content, design);
        designs.Add(design);
        return design;
    }
}

/// <summary>A design with its trial on each task.</summary>
/// <param name="Plan">The number of its plan, see <see cref="PlanNumbers"/>.</param>
/// <param name="Trials">The trials, at least one.</param>
internal sealed record TrainedDesign(int Plan, IReadOnlyList<TrialSpec> Trials)
{
    /// <summary>The sample.</summary>
    public int Sample => Trials[0].Key.Sample;

    /// <summary>What it is called by a stage that reuses it.</summary>
    public ReusedDesign Reused => ReusedDesign.Of(Trials[0].Key);

    /// <summary>The mean over tasks in points; null if a trial has not finished or could not be run.</summary>
    public double? Score(FinishedTrials finished)
    {
        var sum = 0.0;
        foreach (var spec in Trials)
        {
            if (finished.Find(spec.Key) is not { Counts: true } trial) return null;
            sum += trial.Points;
        }

        return sum / Trials.Count;
    }
}

/// <summary>Numbers plans, so that they are compared in full only once.</summary>
internal sealed class PlanNumbers
{
    private readonly Dictionary<TuningPlan, int> numbers = [];

    /// <summary>The number of a plan.</summary>
    public int Of(TuningPlan plan)
    {
        if (!numbers.TryGetValue(plan, out var number)) numbers.Add(plan, number = numbers.Count);
        return number;
    }
}
