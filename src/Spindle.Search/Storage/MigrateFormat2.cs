using Dapper;
using Microsoft.Data.Sqlite;
using Spindle.Search.Stages;

namespace Spindle.Search.Storage;

/// <summary>Migrates a store from format 2 to format 3. Trials record the decisions of earlier stages, and stages record their rules, which format 2 derived from their names.</summary>
internal static class MigrateFormat2
{
    private const string Unconstrained = "S0";
    private const string Final = "Final";
    private const string Found = "found";
    private const string Full = "full";

    /// <param name="connection">The store, inside a transaction.</param>
    /// <param name="path">The store's file, for errors.</param>
    /// <param name="columns">The current columns of the table of trials.</param>
    /// <param name="indices">The statements that create its indices.</param>
    /// <exception cref="InvalidDataException">A stage's record is damaged.</exception>
    public static void Run(SqliteConnection connection, string path, string columns, string indices)
    {
        connection.Execute($"create table new_trial {columns}");
        connection.Execute(
            """
            insert into new_trial (id, stage, option, given, sample, task, plan, solution, trained, seed, epochs, keep_weights, keep_predictions, priority, state, token, worker,
                losses, examples, score, validation, metrics, epoch_scores, head_parameters, example_steps, seconds, failure, added, started, heard, ended, end_order)
            select id, stage, option, '', sample, task, plan, solution, trained, seed, epochs, keep_tuned, stage = @Final, 0, state, token, worker,
                losses, examples, score, score, metrics, epoch_scores, head_parameters, example_steps, seconds, failure, added, started, heard, ended, case when state >= 2 then id end
            from trial
            """,
            new { Final });
        connection.Execute("drop table trial; alter table new_trial rename to trial;");
        connection.Execute(indices);

        var decided = new List<StageDecision>();
        foreach (var (position, text) in connection.Query<(long, string)>("select position, record from stage order by position").ToArray())
        {
            var stage = StoreText.Read<StageRecord>(text, $"{path}: stage", StoredFault.Of);
            var given = StageDecision.Given(decided);
            var current = Current(stage, given);
            connection.Execute("update stage set record = @record where position = @position", new { position, record = StoreText.Write(current) });
            foreach (var option in current.Options)
                connection.Execute("update trial set given = @Given where stage = @stage and option = @Name", new { option.Given, stage = stage.Name, option.Name });
            decided.Add(new(stage.Name, stage.Chosen));
        }
    }

    private static StageRecord Current(StageRecord stage, string given) => stage with
    {
        MayBeInfeasible = stage.Name == Unconstrained,
        IsFinalComparison = stage.Name == Final,
        Options = [.. stage.Options.Select(option => stage.Name != Final ? option with { Given = given } : option.Name switch
        {
            Found => option with { Role = OptionRole.Found, Given = given },
            Full => option with { Role = OptionRole.FullFineTuning, IsRequired = false },
            _ => option with { Role = OptionRole.Baseline, IsRequired = false },
        })],
    };
}
