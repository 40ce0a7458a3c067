using System.Data.Common;
using Dapper;

namespace Spindle.Search.Storage;

/// <summary>What was asked of a search, as a database has it.</summary>
internal static class StoredControl
{
    /// <summary>Reads what was asked.</summary>
    /// <param name="connection">A connection to the store.</param>
    /// <param name="store">The store's name, for messages.</param>
    /// <exception cref="InvalidDataException">The row is invalid.</exception>
    public static SearchControl Read(DbConnection connection, string store)
    {
        var (paused, stopped, extra) = connection.QuerySingleOrDefault<(long Paused, long Stopped, double Extra)>("select paused, stopped, extra_seconds from control");
        return extra >= 0 && extra <= SearchControl.MostExtraTime.TotalSeconds
            ? new(paused != 0, stopped != 0, TimeSpan.FromSeconds(extra))
            : throw StoreText.Damaged($"{store}: control", "the time that was added is out of range");
    }

    /// <summary>Replaces what was asked.</summary>
    /// <param name="connection">A connection to the store.</param>
    /// <param name="asked">What is asked now.</param>
    public static void Write(DbConnection connection, SearchControl asked) => connection.Execute(
        """
        insert into control (id, paused, stopped, extra_seconds) values (1, @paused, @stopped, @extra)
        on conflict (id) do update set paused = excluded.paused, stopped = excluded.stopped, extra_seconds = excluded.extra_seconds
        """,
        new { paused = asked.IsPaused ? 1L : 0, stopped = asked.IsStopped ? 1L : 0, extra = asked.ExtraTime.TotalSeconds });
}
