using Spindle.Designs;
using Spindle.Search.Stages;

namespace Spindle.Search.Policies;

/// <summary>Decides which trials a search runs. Contract: every member is a pure function of its arguments, so that a search that was interrupted goes
/// on as if it had not been. A stage's <see cref="Next"/> is asked at first with the trials that the store already has, and again whenever all
/// trials that it wanted have ended, until it decides.</summary>
public interface ISearchPolicy
{
    /// <summary>The policy's name in study files.</summary>
    string Name { get; }

    /// <summary>The next stage, or null where nothing is left to decide.</summary>
    /// <param name="context">Space, budget and tasks.</param>
    /// <param name="decided">The decisions so far, in order.</param>
    Stage? NextStage(SearchContext context, IReadOnlyList<StageDecision> decided);

    /// <summary>The trials that are wanted next, or the decision.</summary>
    PolicyStep Next(StageState state);

    /// <summary>The design that the decisions fix, once no stage is left.</summary>
    Design Found(SearchContext context, IReadOnlyList<StageDecision> decided);

    /// <summary>About how many trials the stages after the next one will run, for display.</summary>
    /// <param name="context">Space, budget and tasks.</param>
    /// <param name="decided">The decisions so far, in order.</param>
    /// <param name="samples">Designs an option.</param>
    int TrialsAfterNext(SearchContext context, IReadOnlyList<StageDecision> decided, int samples);
}
