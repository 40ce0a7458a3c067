using System.CommandLine;
using Spindle.Models.Checkpoints;
using Spindle.Reports;
using Spindle.Reports.Html;
using Spindle.Reports.Tables;
using Spindle.Search.Results;
using Spindle.Search.Storage;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle report</c>: the result of a search so far, finished or not.</summary>
internal static class ReportCommand
{
    private enum Format
    {
        Text,
        Json,
        Markdown,
        Html,
        Csv,
        Parquet,
    }

    public static Command Create()
    {
        var store = new Argument<string>("store") { Description = "The store of a search." };
        var format = ChoiceOption.Of<Format>("--format", "The output format; text by default.");
        var output = new Option<string?>("--output") { Description = "The file to write; standard output by default." };
        var command = new Command("report", "Writes the result of a search so far, finished or not.\n\nExample:\n  spindle report studies/quickstart.db --format html --output report.html")
        {
            store, format, output,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(store), parsed.GetValue(format) ?? Format.Text, parsed.GetValue(output)));
        return command;
    }

    private static int Run(string storeFile, Format format, string? output)
    {
        if (format == Format.Parquet && output is null) throw new InvalidDataException("--format parquet: Parquet is not text; name a file with --output");
        if (output is not null && Path.GetFullPath(output) == Path.GetFullPath(storeFile)) throw new InvalidDataException($"--output {output}: is the store itself; name another file");
        using var store = SqliteTrialStore.OpenToRead(storeFile);
        if (format == Format.Parquet)
        {
            AtomicFile.Write(output!, file => TrialTable.WriteParquet(store.Trials(), file).GetAwaiter().GetResult());
            return ExitCodes.Done;
        }

        if (format == Format.Csv)
        {
            if (output is null) TrialTable.WriteCsv(store.Trials(), Console.Out);
            else AtomicFile.Write(output, file => WriteCsv(store, file));
            return ExitCodes.Done;
        }

        var result = StudyResult.Of(store);
        var text = format switch
        {
            Format.Json => JsonReport.Write(result),
            Format.Markdown => MarkdownReport.Write(result),
            Format.Html => HtmlReport.Write(result, store.Trials()),
            _ => TextReport.Write(result),
        };
        if (output is null) Console.WriteLine(text);
        else AtomicFile.WriteText(output, text.TrimEnd() + "\n");
        return ExitCodes.Done;
    }

    private static void WriteCsv(SqliteTrialStore store, Stream file)
    {
        using var text = new StreamWriter(file, leaveOpen: true);
        TrialTable.WriteCsv(store.Trials(), text);
    }
}
