namespace Spindle.Search.Storage;

/// <summary>Everything that a store keeps, as its database has it. What is long is read while it is used.</summary>
/// <param name="Study">The record of the study, or null.</param>
/// <param name="Stages">The records of the stages in order.</param>
/// <param name="Trials">The trials in order of their numbers.</param>
/// <param name="Predictions">The predictions of trials.</param>
/// <param name="Losses">The curves of the training loss of trials.</param>
/// <param name="Notes">The notes in order.</param>
/// <param name="Control">What was asked of the search.</param>
internal sealed record StoreContent(
    string? Study,
    IReadOnlyList<StoreContent.Stage> Stages,
    IEnumerable<TrialRow> Trials,
    IEnumerable<StoreContent.Text> Predictions,
    IEnumerable<StoreContent.Text> Losses,
    IReadOnlyList<StoreContent.NoteRow> Notes,
    SearchControl Control)
{
    /// <summary>A row of the table of stages.</summary>
    public sealed record Stage(string Name, long Decided, string Record);

    /// <summary>A text of a trial.</summary>
    public sealed record Text(long Trial, string Content);

    /// <summary>A row of the table of notes.</summary>
    public sealed record NoteRow(string Time, string Text);
}
