using System.Diagnostics;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Spindle.Benchmarks.Training;

/// <summary>Compares the first stage of a search by an older <c>spindle</c> with the same stage by a newer one, in turn.</summary>
internal static class StageComparison
{
    private const string Stage = "S1", Next = "S2";
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Prints the trials per hour of each run, from the start of the stage's first trial to the end of its last, and the ratio of each pair of runs.</summary>
    /// <param name="old">The older program and its study file.</param>
    /// <param name="now">The newer program and its study file; the same study, because its keys may have changed.</param>
    /// <param name="rounds">How often each is run.</param>
    public static void Run((string Program, string Study) old, (string Program, string Study) now, int rounds)
    {
        var ratios = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var (before, after) = (TrialsPerHour(old.Program, old.Study), TrialsPerHour(now.Program, now.Study));
            ratios.Add(after / before);
            Console.WriteLine($"round {round + 1}: {before:F0} trials per hour before, {after:F0} now, ratio {ratios[^1]:F2}");
        }
        Console.WriteLine($"geometric mean of ratios: {Math.Exp(ratios.Average(Math.Log)):F2}");
    }

    private static double TrialsPerHour(string program, string study)
    {
        var folder = Directory.CreateTempSubdirectory("spindle-stage-").FullName;
        try
        {
            var store = Path.Combine(folder, "study.db");
            var start = DateTimeOffset.UtcNow;
            using var search = Process.Start(new ProcessStartInfo(program, ["search", study, "--store", store, "--workers", "2"])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, errors) = (search.StandardOutput.ReadToEndAsync(), search.StandardError.ReadToEndAsync());
            while (!IsOver(store))
            {
                if (search.HasExited) throw new InvalidOperationException($"{program} ended with {search.ExitCode}: {errors.Result}{output.Result}");
                if (DateTimeOffset.UtcNow - start > Longest) throw new TimeoutException($"{program} needs more than {Longest} for stage {Stage}");
                Thread.Sleep(500);
            }
            search.Kill(entireProcessTree: true);
            search.WaitForExit();
            var trials = Times(store);
            return trials.Count / (trials.Max(trial => trial.Ended) - trials.Min(trial => trial.Started)).TotalHours;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsOver(string store)
    {
        if (!File.Exists(store)) return false;
        using var connection = Open(store);
        return connection.ExecuteScalar<long>("select count(*) from sqlite_master where name = 'trial'") > 0
            && connection.ExecuteScalar<long>("select count(*) from trial where stage = @Next", new { Next }) > 0;
    }

    private static List<(DateTimeOffset Started, DateTimeOffset Ended)> Times(string store)
    {
        using var connection = Open(store);
        return [.. connection.Query<(string Started, string Ended)>("select started, ended from trial where stage = @Stage and ended is not null", new { Stage })
            .Select(trial => (Parse(trial.Started), Parse(trial.Ended)))];

        static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    // opened for writing, because a database with a write-ahead log is only read with its shared memory
    private static SqliteConnection Open(string store)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = store, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }
}
