using System.Data.Common;
using Dapper;

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
    /// <summary>Reads the content of a database, of one moment where the connection is in a transaction that sees one.</summary>
    /// <param name="connection">A connection to the store.</param>
    /// <param name="trialColumns">The columns of a trial in SQL, under the names of <see cref="TrialRow"/>.</param>
    /// <param name="noteTime">The time of a note in SQL, as text.</param>
    /// <param name="store">The store's name, for messages.</param>
    public static StoreContent Of(DbConnection connection, string trialColumns, string noteTime, string store) => new(
        connection.ExecuteScalar<string?>("select record from study"),
        [.. connection.Query<Stage>("select name, decided, record from stage order by position")],
        connection.Query<TrialRow>($"select {trialColumns} from trial order by id", buffered: false),
        connection.Query<Text>("select trial, splits as content from prediction order by trial", buffered: false),
        connection.Query<Text>("select trial, points as content from loss order by trial", buffered: false),
        [.. connection.Query<NoteRow>($"select {noteTime} as time, text from note order by id")],
        StoredControl.Read(connection, store));

    /// <summary>A row of the table of stages.</summary>
    public sealed record Stage(string Name, long Decided, string Record);

    /// <summary>A text of a trial.</summary>
    public sealed record Text(long Trial, string Content);

    /// <summary>A row of the table of notes.</summary>
    public sealed record NoteRow(string Time, string Text);
}
