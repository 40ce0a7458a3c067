using Spindle.Search.Studies;

namespace Spindle.Search.Storage;

/// <summary>The study that a store belongs to, as far as a report needs it.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Text">The study as canonical text: what tells one study from another.</param>
/// <param name="Backbone">The backbone as the study names it.</param>
/// <param name="BackboneParameters">The backbone's own parameters.</param>
/// <param name="Budget">The parameters that a design may train.</param>
/// <param name="Tasks">The tasks in the study's order.</param>
/// <param name="Policy">The policy's name.</param>
/// <param name="SamplesPerOption">Designs an option.</param>
/// <param name="Epochs">Epochs of a trial of the stages.</param>
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
    /// <summary>The record of a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="context">Its backbone and tasks.</param>
    /// <param name="text">The study as canonical text.</param>
    public static StudyRecord Of(Study study, SearchContext context, string text) => new(
        study.Name,
        text,
        study.Backbone,
        context.Shape.Parameters,
        context.Budget,
        [.. context.Tasks],
        study.Search.Policy,
        study.Search.SamplesPerOption,
        study.Training.Epochs,
        study.Search.FinalEpochs,
        study.Search.FinalSeeds);

    /// <summary>How a study differs from this one in what its numbers depend on, in words; null where it does not.</summary>
    public string? DifferenceTo(StudyRecord other)
    {
        if (BackboneParameters != other.BackboneParameters)
            return $"its backbone has {BackboneParameters} parameters, this one {other.BackboneParameters}";
        if (Text == other.Text) return Budget == other.Budget ? null : $"its budget is {Budget} parameters, this one's {other.Budget}";
        var (mine, theirs) = (Lines(Text), Lines(other.Text));
        var first = Enumerable.Range(0, Math.Max(mine.Length, theirs.Length)).First(line => mine.ElementAtOrDefault(line) != theirs.ElementAtOrDefault(line));
        return $"it has '{mine.ElementAtOrDefault(first)?.Trim()}' where this one has '{theirs.ElementAtOrDefault(first)?.Trim()}'";

        static string[] Lines(string text) => text.TrimEnd().Split('\n');
    }
}
