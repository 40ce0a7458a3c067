using System.Data.Common;
using System.Globalization;
using Dapper;
using Spindle.Search.Trials;

namespace Spindle.Search.Storage;

/// <summary>Reads pages of trials.</summary>
/// <param name="table">The table of trials in SQL.</param>
/// <param name="contains">The comparison of a text with a pattern, in letters of either case.</param>
/// <param name="ended">The time at which a trial ended, as text.</param>
/// <param name="textOrder">What compares texts byte by byte.</param>
internal sealed class TrialPageQuery(string table, string contains, string ended, string textOrder)
{
    /// <summary>Filters and orders use only columns of the index <c>trial_pages</c>, so that the long rows of other trials are not read.</summary>
    public static readonly TrialPageQuery OfSqlite = new("trial indexed by trial_pages", "like", "ended", "");

    /// <summary>Reads a page.</summary>
    /// <param name="view">One view of the store, so that the count is that of the page.</param>
    /// <param name="filter">Which trials, in what order.</param>
    public TrialPage Read(DbTransaction view, TrialFilter filter)
    {
        var connection = view.Connection!;
        var where = string.Join(" and ", Conditions(filter).DefaultIfEmpty("true"));
        // always parameters: a filter comes from a browser
        var values = new
        {
            stage = filter.Stage,
            option = filter.Option,
            task = filter.Task,
            state = (int?)filter.State,
            text = filter.Text is { } text ? $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%" : null,
            skip = Math.Max(0, filter.Skip),
            take = Math.Clamp(filter.Take, 0, TrialFilter.MostTrials),
        };
        var order = $"{Column(filter.Order)} {(filter.IsDescending ? "desc" : "asc")} nulls last, id desc";
        var count = connection.ExecuteScalar<long>($"select count(*) from {table} where {where}", values);
        TrialSummary[] trials = [.. connection
            .Query<Row>(
                $"""
                select id as Id, stage as Stage, option as Option, sample as Sample, task as Task, epochs as Epochs, learning_rate as LearningRate, settings as Settings, state as State,
                    score as Score, trained as Trained, seconds as Seconds, failure as Failure, {ended} as Ended
                from trial where id in (select id from {table} where {where} order by {order} limit @take offset @skip) order by {order}
                """,
                values)
            .Select(row => row.Summary)];
        return new(count, trials);
    }

    private IEnumerable<string> Conditions(TrialFilter filter)
    {
        if (filter.Stage is not null) yield return "stage = @stage";
        if (filter.Option is not null) yield return "option = @option";
        if (filter.Task is not null) yield return "task = @task";
        if (filter.State is not null) yield return "state = @state";
        if (!string.IsNullOrEmpty(filter.Text)) yield return $"(stage || ' ' || option || ' ' || task || ' ' || coalesce(settings, '') || ' ' || coalesce(failure, '')) {contains} @text escape '\\'";
    }

    private string Column(TrialOrder order) => order switch
    {
        TrialOrder.Ended => "end_order",
        TrialOrder.Stage => $"stage{textOrder}",
        TrialOrder.Option => $"option{textOrder}",
        TrialOrder.Task => $"task{textOrder}",
        TrialOrder.State => "state",
        TrialOrder.Score => "score",
        TrialOrder.Trained => "trained",
        TrialOrder.Epochs => "epochs",
        TrialOrder.Seconds => "seconds",
        _ => "id",
    };

    private sealed class Row
    {
        public long Id { get; init; }

        public string Stage { get; init; } = "";

        public string Option { get; init; } = "";

        public long Sample { get; init; }

        public string Task { get; init; } = "";

        public long Epochs { get; init; }

        public double? LearningRate { get; init; }

        public string? Settings { get; init; }

        public long State { get; init; }

        public double? Score { get; init; }

        public long? Trained { get; init; }

        public double? Seconds { get; init; }

        public string? Failure { get; init; }

        public string? Ended { get; init; }

        // a row that was edited may hold what JSON has no number for
        public TrialSummary Summary => new(Id, Stage, Option, Sample, Task, Epochs, Finite(LearningRate), Settings, (TrialState)State, Finite(Score), Trained, Finite(Seconds), Failure,
            DateTimeOffset.TryParse(Ended, CultureInfo.InvariantCulture, out var time) ? time : null);

        private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
    }
}
