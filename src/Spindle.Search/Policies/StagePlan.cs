using Spindle.Search.Studies;

namespace Spindle.Search.Policies;

/// <summary>How the options of a stage are trained, where a limit may allow less than the study asks for.</summary>
/// <param name="Samples">The designs of each option.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="Rows">The number of training rows, or null for all.</param>
internal sealed record StagePlan(int Samples, int Epochs, int? Rows)
{
    /// <summary>What the study asks for.</summary>
    public static StagePlan Of(SearchStudy study) => new(study.Search.SamplesPerOption, study.Epochs, null);

    /// <summary>What a limit allows of what the study asks for, in words.</summary>
    public string Allowed(SearchStudy study) => FormattableString.Invariant(
        $"{Samples} of {study.Search.SamplesPerOption} designs per option, {Epochs} of {study.Epochs} epochs and {(Rows is { } rows ? FormattableString.Invariant($"{rows}") : "all")} training rows");
}
