using System.Globalization;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Search.Policies;

/// <summary>How far a stage is.</summary>
/// <param name="Study">The study.</param>
/// <param name="Context">Space, budget and tasks.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Draws">The designs drawn for each option, in the stage's order.</param>
/// <param name="Trials">The stage's trials in the store, in order of their numbers.</param>
public sealed record StageState(
    Study Study,
    SearchContext Context,
    Stage Stage,
    IReadOnlyList<OptionDraw> Draws,
    IReadOnlyList<Trial> Trials)
{
    /// <summary>The trial of a drawn design on a task, its seed a function of the study's seed and of what it is for.</summary>
    /// <param name="draw">The option's draws.</param>
    /// <param name="design">One of them.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="epochs">Passes over the training rows; the study's where null.</param>
    public TrialSpec Trial(OptionDraw draw, DrawnDesign design, string task, int? epochs = null)
    {
        var seed = StableSeed.Of(
            Study.Search.Seed, "trial", Stage.Name, draw.Option.Name, design.Sample.ToString(CultureInfo.InvariantCulture), task);
        return new(
            new(Stage.Name, draw.Option.Name, design.Sample, task),
            new TuningPlan.Designed(design.Design),
            design.Solution,
            seed,
            epochs ?? Study.Training.Epochs);
    }
}
