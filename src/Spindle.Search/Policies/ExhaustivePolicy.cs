using Spindle.Designs;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>The paper's protocol: every drawn design is trained on every task, and the option with the best mean over designs and tasks is kept; of equally
/// good ones the first. A trial without a score counts as 0 points; an option of which no design fits the budget cannot be kept.</summary>
public sealed class ExhaustivePolicy : ISearchPolicy
{
    /// <inheritdoc/>
    public string Name => "exhaustive";

    /// <inheritdoc/>
    public Stage? NextStage(SearchContext context, IReadOnlyList<StageDecision> decided) => StageSequence.Next(context.Space, decided);

    /// <inheritdoc/>
    public Design Found(SearchContext context, IReadOnlyList<StageDecision> decided) => StageSequence.Found(context.Space, decided);

    /// <inheritdoc/>
    public int TrialsAfterNext(SearchContext context, IReadOnlyList<StageDecision> decided, int samples) =>
        StageSequence.OptionsAfterNext(context.Space, decided) * samples * context.Tasks.Count;

    /// <inheritdoc/>
    public PolicyStep Next(StageState state)
    {
        var finished = state.Trials.Where(trial => trial.IsFinished).Select(trial => trial.Spec.Key).ToHashSet();
        TrialSpec[] wanted = [.. state.Draws
            .SelectMany(draw => draw.Designs.SelectMany(design => state.Context.Tasks.Select(task => state.Trial(draw, design, task.Name))))
            .Where(trial => !finished.Contains(trial.Key))];
        if (wanted.Length > 0) return new PolicyStep.Wanted(wanted);

        var trials = state.Trials.ToLookup(trial => trial.Spec.Key.Option);
        string? best = null;
        var bestMean = double.NegativeInfinity;
        foreach (var option in state.Stage.Options)
        {
            if (OptionScore.Of(trials[option.Name], state.Context.Tasks.Count).Mean is not { } mean || mean <= bestMean) continue;
            (best, bestMean) = (option.Name, mean);
        }

        return new PolicyStep.Decided(best);
    }
}
