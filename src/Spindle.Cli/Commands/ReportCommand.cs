using System.CommandLine;
using Spindle.Models.Checkpoints;
using Spindle.Reports;
using Spindle.Reports.Html;
using Spindle.Reports.Mlflow;
using Spindle.Reports.Tables;
using Spindle.Reports.TensorBoard;
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
        var tensorboard = new Option<string?>("--tensorboard") { Description = "A folder for TensorBoard's --logdir: writes each finished trial as a run, in STUDY-SEARCH/STAGE/TRIAL, with its scores by epoch." };
        var mlflow = new Option<string?>("--mlflow") { Description = "MLflow's tracking folder (mlruns): writes each finished trial as a run of an experiment with the study's name." };
        var command = new Command("report", "Writes the result of a search so far, finished or not.\n\nExamples:\n  spindle report studies/quickstart.db --format html --output report.html\n"
            + "  spindle report studies/quickstart.db --tensorboard runs/search --mlflow mlruns")
        {
            store, format, output, tensorboard, mlflow,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(store), parsed.GetValue(format), parsed.GetValue(output), parsed.GetValue(tensorboard), parsed.GetValue(mlflow)));
        return command;
    }

    private static int Run(string storeFile, Format? chosen, string? output, string? tensorboard, string? mlflow)
    {
        var (format, writesRuns) = (chosen ?? Format.Text, tensorboard is not null || mlflow is not null);
        if (format == Format.Parquet && output is null) throw new InvalidDataException("--format parquet: Parquet is not text; name a file with --output");
        if (output is not null && TrialStores.IsFile(storeFile) && Path.GetFullPath(output) == Path.GetFullPath(storeFile)) throw new InvalidDataException($"--output {output}: is the store itself; name another file");
        using var store = TrialStores.OpenToRead(storeFile);
        if (writesRuns) WriteRuns(store, tensorboard, mlflow);
        if (writesRuns && chosen is null && output is null) return ExitCodes.Done;
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
            Format.Html => HtmlReport.Write(result, store.Trials(), store.Losses),
            _ => TextReport.Write(result),
        };
        if (output is null) Console.WriteLine(text);
        else AtomicFile.WriteText(output, text.TrimEnd() + "\n");
        return ExitCodes.Done;
    }

    private static void WriteRuns(ISharedTrialStore store, string? tensorboard, string? mlflow)
    {
        var (result, trials) = (StudyResult.Of(store), store.Trials());
        // nothing is written where one of them is refused
        if (tensorboard is not null) TensorBoardFolder.Require(tensorboard);
        if (mlflow is not null) MlflowFolder.Require(mlflow);
        if (tensorboard is not null) Console.Error.WriteLine($"{TensorBoardFolder.Write(tensorboard, result, trials, store.Losses)} runs for TensorBoard in {tensorboard}");
        if (mlflow is not null) Console.Error.WriteLine($"{MlflowFolder.Write(mlflow, result, trials, store.Losses)} runs for MLflow in {mlflow}");
    }

    private static void WriteCsv(ISharedTrialStore store, Stream file)
    {
        using var text = new StreamWriter(file, leaveOpen: true);
        TrialTable.WriteCsv(store.Trials(), text);
    }
}
