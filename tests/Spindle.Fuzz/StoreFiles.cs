using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Spindle.Reports;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Fuzz;

/// <summary>The store of a small search that has ended, as bytes and as cells.</summary>
internal static partial class StoreFiles
{
    private const string Time = "2026-01-02T03:04:05.0000000+00:00";

    private static readonly Lazy<byte[]> Whole = new(Search);
    private static readonly Lazy<string> Lines = new(Dump);

    /// <summary>The file.</summary>
    public static byte[] Bytes => Whole.Value;

    /// <summary>The file's cells, one in a line: table, row, column and value.</summary>
    public static byte[] Cells => Encoding.UTF8.GetBytes(Lines.Value);

    /// <summary>Reads all that reports, dashboards, workers and a resumed search read from <c>x.db</c> of a folder.</summary>
    public static void Read(string folder)
    {
        var path = Path.Combine(folder, "x.db");
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        using var store = SqliteTrialStore.OpenToRead(path);
        var result = StudyResult.Of(store);
        foreach (var report in (string[])[TextReport.Write(result), JsonReport.Write(result), MarkdownReport.Write(result)])
            if (report.Split('\n').FirstOrDefault(line => !QuotesText().IsMatch(line) && Infinite().IsMatch(line)) is { } line) throw new FormatException($"a report holds an infinite number: {line}");
        _ = (store.Running(), store.EndedAfter(0), store.Count(), store.Predictions("Final"), store.Page(new()), store.Losses(1), store.Control(), store.Claim("worker"));
    }

    /// <summary>Writes the cells of <c>cells.txt</c> of a folder into a sound store, as far as SQLite takes them, and reads it.</summary>
    public static void ReadCells(string folder)
    {
        var path = Path.Combine(folder, "x.db");
        File.WriteAllBytes(path, Bytes);
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            var known = Lines.Value.Split('\n').ToHashSet(StringComparer.Ordinal);
            using var transaction = connection.BeginTransaction();
            foreach (var line in Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "cells.txt"))).Split('\n'))
                if (!known.Contains(line) && Cell().Match(line) is { Success: true } cell) Write(connection, cell);
            transaction.Commit();
        }

        Read(folder);
    }

    // warnings and notes repeat texts of the store
    [GeneratedRegex("^(warning: |note: |- )")]
    private static partial Regex QuotesText();

    [GeneratedRegex("(?<![A-Za-z])Infinity(?![A-Za-z])|\u221E")]
    private static partial Regex Infinite();

    private static void Write(SqliteConnection connection, Match cell)
    {
        using var update = connection.CreateCommand();
        var text = cell.Groups["value"].Value;
        update.CommandText = $"update {cell.Groups["table"].Value} set {cell.Groups["column"].Value} = @value where rowid = {cell.Groups["row"].Value}";
        update.Parameters.AddWithValue("@value", text == "null" ? DBNull.Value
            : long.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole
            : double.TryParse(text, CultureInfo.InvariantCulture, out var real) ? real : text);
        try
        {
            update.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // no such cell, or one that SQLite itself protects
        }
    }

    private static string Dump()
    {
        using var folder = new Data.Tests.Scratch();
        var path = Path.Combine(folder.Folder, "x.db");
        File.WriteAllBytes(path, Bytes);
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        var lines = new StringBuilder();
        foreach (var table in (string[])["study", "stage", "trial", "prediction"])
        {
            using var all = connection.CreateCommand();
            all.CommandText = $"select rowid as row, * from {table}";
            using var rows = all.ExecuteReader();
            while (rows.Read())
                for (var column = 1; column < rows.FieldCount; column++)
                    lines.Append(CultureInfo.InvariantCulture, $"{table} {rows.GetInt64(0)} {rows.GetName(column)}=").Append(CultureInfo.InvariantCulture, $"{(rows.IsDBNull(column) ? "null" : rows.GetValue(column))}").Append('\n');
        }

        return lines.ToString();
    }

    private static byte[] Search()
    {
        using var folder = new Data.Tests.Scratch();
        var path = Path.Combine(folder.Folder, "x.db");
        var problem = SyntheticStudy.Problem(SyntheticStudy.Of(samples: 1, groups: 1, strategies: ["bitfit", "lora"]), layers: 2);
        using (var store = SqliteTrialStore.OpenOrCreate(path))
        using (var workers = new InProcessWorkers(new SyntheticRunner()))
            new SearchSession(problem, SearchPolicies.Create(problem), store, workers).Run();
        // the same seed must give the same inputs on another day
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var settle = connection.CreateCommand();
            settle.CommandText = $"update trial set worker = 'worker', added = '{Time}', started = '{Time}', heard = '{Time}', ended = '{Time}'; pragma journal_mode = delete; vacuum; pragma journal_mode = wal";
            settle.ExecuteNonQuery();
        }

        return File.ReadAllBytes(path);
    }

    [GeneratedRegex("^(?<table>[a-z]+) (?<row>[0-9]{1,9}) (?<column>[a-z_]+)=(?<value>.*)$")]
    private static partial Regex Cell();
}
