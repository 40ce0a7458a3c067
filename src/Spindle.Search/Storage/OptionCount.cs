using Spindle.Search.Stages;

namespace Spindle.Search.Storage;

/// <summary>The counts of an option's trials.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Option">The option's name.</param>
/// <param name="Given">The decisions of earlier stages.</param>
/// <param name="Trials">All trials.</param>
/// <param name="Running">Running trials.</param>
/// <param name="Finished">Finished trials.</param>
/// <param name="Failed">Finished trials that could not be run.</param>
/// <param name="Points">The sum of the scores of finished trials.</param>
/// <param name="Examples">Rows trained on, by finished and by running trials so far.</param>
/// <param name="WorkDone">Epochs of finished trials.</param>
/// <param name="Work">Epochs of all trials.</param>
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
    /// <summary>Whether these are the counts of an option of a stage.</summary>
    public bool IsOf(StageRecord stage, OptionRecord option) => Stage == stage.Name && Option == option.Name && Given == option.Given;
}
