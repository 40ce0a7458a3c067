using Spindle.Search.Stages;

namespace Spindle.Search.Storage;

/// <summary>How far the trials of an option are.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Option">The option's name.</param>
/// <param name="Given">What earlier stages had fixed.</param>
/// <param name="Trials">Trials in all.</param>
/// <param name="Running">Those that run.</param>
/// <param name="Finished">Those that have ended.</param>
/// <param name="Failed">Those of them that could not be run.</param>
/// <param name="Points">The sum of the scores of those that have ended.</param>
/// <param name="Examples">Rows trained on, by those that have ended and so far by those that run.</param>
/// <param name="WorkDone">Epochs of those that have ended.</param>
/// <param name="Work">Epochs in all.</param>
public sealed record OptionCount(
    string Stage,
    string Option,
    string Given,
    int Trials,
    int Running,
    int Finished,
    int Failed,
    double Points,
    long Examples,
    long WorkDone,
    long Work)
{
    /// <summary>Whether it counts the trials of a stage's option.</summary>
    public bool IsOf(StageRecord stage, OptionRecord option) => Stage == stage.Name && Option == option.Name && Given == option.Given;
}
