using Spindle.Search.Studies;

namespace Spindle.Search.Stages;

/// <summary>How the final comparison is run, where a limit may allow less than the study asks for.</summary>
/// <param name="Seeds">The seeds of each side.</param>
/// <param name="FinalEpochs">Passes over the training rows in the comparison.</param>
/// <param name="Epochs">Passes over the training rows where learning rates are tried.</param>
/// <param name="Rows">The number of training rows, or null for all.</param>
/// <param name="Refits">Whether the winner is trained again on all rows.</param>
/// <param name="RefitRuns">The runs that this training averages, or null for the study's number.</param>
internal sealed record ComparisonPlan(int Seeds, int FinalEpochs, int Epochs, int? Rows, bool Refits, int? RefitRuns)
{
    /// <summary>What the study asks for.</summary>
    public static ComparisonPlan Of(SearchStudy study) => new(study.Search.FinalSeeds, study.Search.FinalEpochs, study.Epochs, null, study.Search.Refit, study.Search.RefitRuns);

    /// <summary>What a limit leaves out of what the study asks for, in one sentence; null if nothing.</summary>
    public string? LeftOut(SearchStudy study)
    {
        var all = Of(study);
        var without = all.Refits && !Refits ? ", and no last training on all rows" : all.RefitRuns != RefitRuns ? FormattableString.Invariant($", and {RefitRuns} of {all.RefitRuns} runs in the last training") : "";
        return this == all ? null : FormattableString.Invariant(
            $"the limit of {study.Search.Limit} allows {Seeds} of {all.Seeds} seeds, {FinalEpochs} of {all.FinalEpochs} epochs and {(Rows is { } rows ? FormattableString.Invariant($"{rows}") : "all")} training rows in the final comparison{without}");
    }
}
