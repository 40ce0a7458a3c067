using Spindle.Search.Studies;

namespace Spindle.Search.Stages;

/// <summary>Samples the designs of a stage: a pure function of the space, the budget, the study's seed and the stage.</summary>
public static class StageSampler
{
    /// <summary>The number of draws for one sample after which it is considered infeasible.</summary>
    public const int MostDraws = 1000;

    /// <summary>How often a repeated design is drawn again for one sample. After that, a repetition is accepted.</summary>
    public const int MostRepeats = 20;

    /// <summary>Samples the designs of every option of a stage. The same sample of two options shares whatever both leave free, and is drawn again for all of them where it does not fit the
    /// budget for one (common random numbers), so that a difference between options is one between pairs.</summary>
    /// <param name="problem">Space, budget, costs and the study's seed.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="samples">Designs for each option, at least 1. The first designs do not depend on this number.</param>
    public static IReadOnlyList<OptionDesigns> Draw(SearchProblem problem, Stage stage, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return problem.SharesDraws
            ? new SharedDraws(problem, stage).Take(samples)
            : [.. stage.Options.Select(option => SeparateDraws.Take(problem, stage.Name, option, samples))];
    }
}
