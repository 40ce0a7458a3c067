using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using CsvHelper;
using CsvHelper.Configuration;
using Parquet;
using Parquet.Serialization;
using Spindle.Search.Trials;

namespace Spindle.Reports.Tables;

/// <summary>The trials of a store as a table for other tools, see <see cref="TrialLine"/>.</summary>
public static class TrialTable
{
    /// <summary>Writes trials as CSV (RFC 4180) with a line of names.</summary>
    /// <param name="trials">The trials.</param>
    /// <param name="output">Receives the text.</param>
    public static void WriteCsv(IEnumerable<Trial> trials, TextWriter output)
    {
        using var csv = new CsvWriter(output, CultureInfo.InvariantCulture, leaveOpen: true);
        csv.Context.RegisterClassMap<LineMap>();
        csv.WriteRecords(trials.Select(TrialLine.Of));
    }

    /// <summary>Writes trials as Parquet.</summary>
    /// <param name="trials">The trials.</param>
    /// <param name="output">Receives the file; it can be sought.</param>
    public static Task WriteParquet(IEnumerable<Trial> trials, Stream output) =>
        ParquetSerializer.SerializeAsync(trials.Select(TrialLine.Of), output, new() { CompressionMethod = CompressionMethod.Snappy });

    // the same names as in Parquet
    private sealed class LineMap : ClassMap<TrialLine>
    {
        public LineMap()
        {
            AutoMap(CultureInfo.InvariantCulture);
            foreach (var member in MemberMaps) member.Name(member.Data.Member!.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name);
        }
    }
}
