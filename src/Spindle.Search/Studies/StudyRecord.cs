using System.Text.Json.Serialization;

namespace Spindle.Search.Studies;

/// <summary>The study that a store belongs to, as far as a report and a worker need it.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Text">The whole study as text.</param>
/// <param name="Backbone">The backbone, as the study names it.</param>
/// <param name="BackboneParameters">The backbone's own parameters.</param>
/// <param name="Budget">The parameters that a design may train.</param>
/// <param name="Tasks">The tasks in the study's order.</param>
/// <param name="Policy">The policy's name.</param>
/// <param name="SamplesPerOption">Designs for each option.</param>
/// <param name="Epochs">Epochs of a trial outside the final comparison.</param>
/// <param name="FinalEpochs">Epochs of the final comparison.</param>
/// <param name="FinalSeeds">Seeds of the final comparison.</param>
public sealed record StudyRecord(
    string Name,
    string Text,
    string Backbone,
    long BackboneParameters,
    long Budget,
    IReadOnlyList<TaskChance> Tasks,
    string Policy,
    int SamplesPerOption,
    int Epochs,
    int FinalEpochs,
    int FinalSeeds)
{
    /// <summary>Every setting as text by its key, defaults included; null in stores of format 2 and before, where <see cref="Text"/> says the same.</summary>
    public IReadOnlyDictionary<string, string>? Settings { get; init; }

    /// <summary>The default of every setting that has one; not kept.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();

    /// <summary>The record of a problem.</summary>
    public static StudyRecord Of(SearchProblem problem) => new(
        problem.Study.Name,
        problem.Study.Text,
        problem.Study.Backbone,
        problem.Shape.Parameters,
        problem.Budget,
        [.. problem.Tasks],
        problem.Study.Search.Policy,
        problem.Study.Search.SamplesPerOption,
        problem.Study.Epochs,
        problem.Study.Search.FinalEpochs,
        problem.Study.Search.FinalSeeds)
    {
        Settings = problem.Study.Settings,
        Defaults = problem.Study.Defaults,
    };
}
