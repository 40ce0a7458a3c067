using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Spindle.Cli.Terminal;
using Spindle.Data.Tasks;
using Spindle.Designs.Text;
using Spindle.Models.Checkpoints;
using Spindle.Models.Devices;
using Spindle.Reports;
using Spindle.Search;
using Spindle.Search.Execution;
using Spindle.Search.Results;
using Spindle.Studies;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;
using Spindle.Tuning;

namespace Spindle.Cli.Commands.Tune;

/// <summary><c>spindle tune</c>: from a file of labelled rows to the best tuned model, without a study file.</summary>
internal static class TuneCommand
{
    public static Command Create()
    {
        var defaults = new TuneOptions("");
        var file = new Argument<string>("file") { Description = "The labelled rows: CSV, TSV, JSON lines or Parquet." };
        var target = new Option<string?>("--target") { Description = "The column with the label or value; by default inferred from the columns." };
        var text = new Option<string?>("--text") { Description = "The column with the text, or the two columns of a pair, separated by a comma; by default inferred." };
        var validation = new Option<string?>("--validation") { Description = "Rows to report scores on; by default some rows of the file are held back." };
        var time = new Option<string?>("--time") { Description = $"The time for training, such as 90s, 20m or 1h30m; {DurationText.Format(defaults.Time)} by default." };
        var output = new Option<string?>("--output") { Description = "The folder for the models, the study and the report; FILE.tuned by default." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replaces what an earlier 'spindle tune' with other settings wrote to the folder." };
        var backbone = new Option<string?>("--backbone") { Description = $"An embedded backbone, a downloaded repository or a folder; {defaults.Backbone} by default." };
        var head = ChoiceOption.Of<HeadKind>("--head", "The head on the backbone; the checkpoint's default head by default. joint: for a model to be exported for HF peft or as a merged checkpoint, where the default is a sentence encoder's head.");
        var budget = new Option<string?>("--budget") { Description = $"The trained parameters at most: a share of the backbone's, or a whole number; {defaults.Budget} by default." };
        var seed = new Option<int?>("--seed") { Description = $"The random seed; {defaults.Seed} by default." };
        var workers = WorkersOption.Create();
        var device = DeviceOption.Create();
        var command = new Command("tune",
            "Finds the best tuned model for a file of labelled rows in the given time: infers the task, tries strategies, designs and learning rates, compares the best, and trains the "
            + "winner again on all rows. To resume an interrupted run, run the same command again.\n\n"
            + "Examples:\n  spindle tune reviews.csv --target stars --time 20m\n  spindle predict reviews.tuned --input new-reviews.csv\n  spindle tune reviews.csv --head joint\n  spindle export reviews.tuned/best/reviews --format hf-peft --output reviews-peft")
        {
            file, target, text, validation, time, output, overwrite, backbone, head, budget, seed, workers, device,
        };
        var shown = OutputOptions.ForSearch(command);
        command.SetAction((parsed, stop) =>
        {
            var options = new TuneOptions(parsed.GetRequiredValue(file)) { Target = parsed.GetValue(target), Validation = parsed.GetValue(validation), Head = parsed.GetValue(head) };
            if (parsed.GetValue(text)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { } texts)
                options = texts.Length is 1 or 2 ? options with { Texts = texts } : throw new InvalidDataException("--text: name one column, or the two columns of a pair");
            if (parsed.GetValue(time) is { } given) options = options with { Time = OptionValues.Time(given) };
            if (parsed.GetValue(backbone) is { } name) options = options with { Backbone = name };
            if (parsed.GetValue(budget) is { } allowed) options = options with { Budget = OptionValues.Budget(allowed) };
            if (parsed.GetValue(seed) is { } number) options = options with { Seed = number };
            return Task.FromResult(Run(
                options, parsed.GetValue(output) ?? Path.ChangeExtension(options.File, ".tuned"), WorkersOption.Read(parsed, workers), DeviceOption.Read(parsed, device), parsed.GetValue(overwrite), shown.Read(parsed), stop));
        });
        return command;
    }

    private static int Run(TuneOptions options, string output, int? workers, DeviceChoice? device, bool overwrite, CommandOutput printed, CancellationToken stop)
    {
        var (planned, rows) = Preparation.Run(() => TuneStudy.Plan(options), stop);
        var study = planned.MovedTo(output);
        Describe(rows, printed);
        var folder = new TuneOutput(output);
        var replaces = folder.Claim(study, planned, overwrite);
        StudySearchOptions how = new() { Store = folder.Store, TunedFolder = output, Overwrite = overwrite, Workers = workers, Device = device, WorkerProgram = WorkerCommand.StartInfo, Command = CommandText.Own };
        if (replaces)
        {
            // nothing is deleted for a study that is then refused
            TunedFolder.RequireWritable(output);
            Preparation.Run(() => StudySearch.Prepare(study, new() { Device = device }), stop).Dispose();
            folder.Clear();
        }

        using var search = Preparation.Run(() => Prepare(study, how), stop);
        AtomicFile.WriteText(folder.Study, StudyYaml.Write(study));
        printed.Warn(search.Warnings);
        printed.Event("start", () => SearchEvents.Start(search, study.Name, folder.Store, output));
        printed.Say($"{DurationText.Format(options.Time)} of training on {search.Problem.Shape.Name} with {(search.Workers == 1 ? "1 worker" : $"{search.Workers} workers")}, at most {search.Problem.Budget:N0} trained parameters; the study is in {folder.Study}");
        var clock = Stopwatch.StartNew();
        StudyResult result;
        try
        {
            result = SearchDisplay.Show(printed, progress => search.Run(progress, stop));
        }
        catch (OperationCanceledException)
        {
            var soFar = search.Result();
            folder.WriteReports(soFar, search.Trials(), search.Losses);
            Console.Error.WriteLine($"spindle: interrupted; {Interruption.Left(soFar, folder.Store, output)}. To resume, run the same command again");
            return ExitCodes.Interrupted;
        }
        catch (SearchException error)
        {
            Console.Error.WriteLine($"spindle: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Failed;
        }

        folder.WriteReports(result, search.Trials(), search.Losses);
        var best = Path.Combine(output, TrialWeights.Best);
        printed.Say(TextReport.Write(result));
        printed.Say($"{clock.Elapsed:h\\:mm\\:ss}; the best model is in {best}, the report in {folder.HtmlReport}");
        printed.Say($"to predict: {CommandText.Of(["spindle", "predict", output, "--input", "FILE.csv"])}");
        printed.SayQuietly(SearchText.Winner(result, best));
        printed.Event("result", () => SearchEvents.Result(result, best, folder.HtmlReport, clock.Elapsed));
        return Incomplete.Report(result, output);
    }

    private static void Describe(TaskData rows, CommandOutput printed)
    {
        var task = rows.Task;
        var answers = task.Kind switch
        {
            TaskKind.Classification => $"one of {task.Labels.Count} labels ({string.Join(", ", task.Labels.Take(8))}{(task.Labels.Count > 8 ? ", …" : "")})",
            TaskKind.Regression => $"a value from {task.Range!.Minimum} to {task.Range.Maximum}",
            _ => "a text",
        };
        printed.Say($"{task.Name}: {KebabCase.From(task.Kind)} of {(task.Pairs ? "pairs of texts" : "single texts")}, {answers}, scored by {string.Join(", ", task.Metrics)}");
        printed.Event("task", () => new()
        {
            ["task"] = task.Name,
            ["kind"] = KebabCase.From(task.Kind),
            ["labels"] = JsonValues.Texts(task.Labels),
            ["metrics"] = JsonValues.Texts(task.Metrics),
            ["inferred"] = JsonValues.Texts(rows.Inferred.Select(line => line.ToString()!)),
            ["rows"] = new JsonObject(rows.Validation.Prepend(rows.Train).Select(split => KeyValuePair.Create(split.Name, (JsonNode?)JsonValue.Create(split.Examples.Count)))),
        });
        foreach (var line in rows.Inferred) printed.Say($"  inferred: {line}");
        foreach (var split in rows.Validation.Prepend(rows.Train)) printed.Say($"  {split.Name}: {split.Examples.Count:N0} rows");
    }

    private static StudySearch Prepare(Study study, StudySearchOptions how)
    {
        try
        {
            return StudySearch.Prepare(study, how);
        }
        catch (InvalidDataException error) when (error.InnerException is OtherStudyException other)
        {
            throw new InvalidDataException($"{other.Message}; name another folder with --output, or replace it with --overwrite", other);
        }
    }
}
