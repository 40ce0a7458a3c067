using System.CommandLine;
using Spindle.Cli.Terminal;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Glue;
using Spindle.Models.Checkpoints;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Cli.Commands.Predict;

/// <summary><c>spindle predict</c>: labels texts, or generates text.</summary>
internal static class PredictCommand
{
    private const int RowsAtOnce = 256;

    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "A tuned model's folder." };
        var texts = new Argument<string[]>("text")
        {
            Description = "Texts to label. Separate the two sentences of a pair with a tab. If none is given, the lines of standard input are labelled.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var also = new Option<string[]>("--also")
        {
            Description = "Another tuned folder on the same backbone, which is loaded only once. Can be repeated. Each text must then start with a folder's name and a tab.",
        };
        var backbone = new Option<string?>("--backbone") { Description = "The backbone's folder, if it has moved." };
        var device = DeviceOption.Create();
        var precision = PrecisionOption.Create();
        var submission = new Option<string?>("--glue-submission")
        {
            Description = "Labels GLUE's unlabelled test rows below --data instead of texts. Writes the files that the benchmark's site accepts into this folder.",
        };
        var test = new Option<bool>("--test") { Description = "Labels the test rows of the model's task instead of texts: those of XSum or WMT16 below --data, or the test files that your task names." };
        var tasks = OwnTasksOption.Create();
        var data = new Option<string?>("--data") { Description = "The folder of the data for --glue-submission and --test; the downloaded data by default." };
        var input = new Option<string?>("--input")
        {
            Description = "A CSV, TSV, JSON Lines or Parquet file. Labels its rows instead of texts: the columns that hold the task's texts are found by name, and others are ignored.",
        };
        var column = new Option<string[]>("--column") { Description = "The column of --input that holds the text, instead of the column that the model was trained on. Repeat it for the second text of a pair." };
        var output = new Option<string?>("--output") { Description = "The file for the predictions; standard output by default. With the extension .csv or .jsonl, the format need not be given." };
        var format = ChoiceOption.Of<PredictionFormat>("--format", "Tab-separated text (the default), one JSON object per line, or CSV with the columns of --input and the prediction.");
        var command = new Command("predict",
            "Labels texts with a tuned model and prints the probability of each label, or generates text. The folder can be a search's: its winner is used.\n\n"
            + "Examples:\n  spindle predict runs/sentiment \"A wonderful, moving film.\"\n  spindle predict studies/reviews.tuned --input new.csv --output labelled.csv\n"
            + "  cut -f 4 reviews.tsv | spindle predict runs/sentiment --format json\n"
            + "  spindle predict runs/sentiment --also runs/topic $'sentiment\\tA moving film.' $'topic\\tRates rose again.'\n"
            + "  spindle predict runs/cola --also runs/rte --glue-submission submission --data glue_data\n"
            + "  spindle predict runs/reviews --test --tasks studies/mine.yaml")
        {
            folder, texts, input, column, also, backbone, device, precision, submission, test, tasks, data, format, output,
        };
        var shown = OutputOptions.AddTo(command, "each prediction as one JSON object per line, as --format json does,", quiet: "predictions and errors, without warnings");
        command.SetAction((parsed, stop) =>
        {
            var printed = shown.Read(parsed);
            var named = parsed.GetRequiredValue(folder);
            var (given, others) = (parsed.GetValue(texts) ?? [], parsed.GetValue(also) ?? []);
            var (file, columns, isTest) = (parsed.GetValue(input), parsed.GetValue(column) ?? [], parsed.GetValue(test));
            var (target, written) = (parsed.GetValue(output), parsed.GetValue(format));
            var loading = new Loading(parsed.GetValue(backbone), DeviceOption.Read(parsed, device) ?? DeviceChoice.Auto, parsed.GetValue(precision), printed.Mode != OutputMode.Quiet);
            if (printed.Mode == OutputMode.Json && written is not null) throw new InvalidDataException("--json and --format both name the format; leave one of them out");
            var form = written ?? (printed.Mode == OutputMode.Json ? PredictionFormat.Json : FormatOf(target));
            if (columns.Length > 0 && file is null) throw new InvalidDataException("--column names a column of --input; add --input FILE");
            if (form == PredictionFormat.Csv && file is null) throw new InvalidDataException("CSV holds the columns of --input; add --input FILE, or write --format text or json");
            if (parsed.GetValue(submission) is { } folderOfSubmission)
            {
                if (file is not null || isTest || target is not null) throw new InvalidDataException("--glue-submission names its own rows and files; leave out --input, --test and --output");
                return Task.FromResult(Submission([named, .. others], given, loading, folderOfSubmission, parsed.GetValue(data), stop));
            }
            if (file is not null && (given.Length > 0 || others.Length > 0 || isTest)) throw new InvalidDataException("--input labels the rows of one file; leave out texts, --also and --test");
            if (file is not null && target is not null && Path.GetFullPath(file) == Path.GetFullPath(target)) throw new InvalidDataException($"--output {target}: is the file of --input; name another");
            Write(target, writer =>
            {
                if (file is not null) Input(named, file, columns, loading, form, writer, stop);
                else if (isTest) Test(named, given, others, loading, parsed.GetValue(tasks), parsed.GetValue(data), form, writer, stop);
                else Run([named, .. others], given, loading, form, writer, stop);
            });
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    // how tuned models are read
    private sealed record Loading(string? Backbone, DeviceChoice Device, Precision? Precision, bool Warns)
    {
        public TunedPredictor One(string folder)
        {
            var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default, Backbone, Device, Precision);
            if (Warns) WarningLines.Print(predictor.Warnings);
            return predictor;
        }

        public TunedCollection Several(string[] folders)
        {
            var models = TunedCollection.Load(folders, StrategyRegistry.Default, Backbone, Device, Precision);
            if (Warns) WarningLines.Print(models.Warnings);
            return models;
        }
    }

    private static PredictionFormat FormatOf(string? output) => Path.GetExtension(output)?.ToLowerInvariant() switch
    {
        ".csv" => PredictionFormat.Csv,
        ".jsonl" or ".ndjson" or ".json" => PredictionFormat.Json,
        _ => PredictionFormat.Text,
    };

    // a file that exists is replaced only when every row is labelled
    private static void Write(string? output, Action<TextWriter> write)
    {
        if (output is null) write(SafeOutput.Rows);
        else
            AtomicFile.Write(output, stream =>
            {
                using var writer = new StreamWriter(stream);
                write(writer);
            });
    }

    private static void Input(string folder, string file, IReadOnlyList<string> columns, Loading loading, PredictionFormat format, TextWriter writer, CancellationToken stop)
    {
        // the rows first, because loading the model takes longer
        var rows = InputRows.Read(file, TunedFolder.Read(TunedFolder.Resolve(folder)).Task, columns);
        using var predictor = loading.One(folder);
        var task = predictor.Record.Task;
        var predictions = rows.Examples.Chunk(RowsAtOnce).SelectMany(chunk => predictor.Predict(chunk, stop));
        if (format != PredictionFormat.Csv)
        {
            foreach (var prediction in predictions) writer.WriteLine(PredictionText.Line(prediction, task, format));
            return;
        }
        var csv = new CsvOutput(writer, rows.Columns, task, task.Kind == TaskKind.Classification && predictor.Record.Generation is null);
        foreach (var (fields, prediction) in rows.Fields().Zip(predictions)) csv.Write(fields, prediction);
    }

    private static void Run(string[] folders, string[] texts, Loading loading, PredictionFormat format, TextWriter writer, CancellationToken stop)
    {
        string[] names = [.. folders.Select(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))))];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length) throw new InvalidDataException("--also: two folders have the same name; rename one, because texts refer to folders by name");
        using var models = loading.Several(folders);
        TaskDefinition[] tasks = [.. models.Records.Select(record => record.Task)];
        if (loading.Warns && texts.FirstOrDefault(File.Exists) is { } file) Console.Error.WriteLine($"warning: '{file}' is a file, but its name was labelled; to label its rows, write --input {file}");
        var line = 0;
        foreach (var rows in (texts.Length > 0 ? texts : Lines(Console.In)).Select(text => Route(text, ++line)).Chunk(RowsAtOnce))
            foreach (var (row, prediction) in rows.Zip(models.Predict(rows, stop)))
                writer.WriteLine(PredictionText.Line(prediction, tasks[row.Folder], format));

        (int Folder, Example Row) Route(string text, int line)
        {
            if (names.Length == 1) return (0, Parse(text, line, tasks[0]));
            var parts = text.Split('\t', 2);
            var folder = Array.IndexOf(names, parts[0]);
            return folder >= 0 && parts.Length == 2
                ? (folder, Parse(parts[1], line, tasks[folder]))
                : throw new InvalidDataException($"text {line}: must start with a folder's name and a tab; the names are {string.Join(", ", names)}");
        }
    }

    private static void Test(
        string folder, string[] texts, string[] also, Loading loading, string? tasks, string? data, PredictionFormat format, TextWriter writer, CancellationToken stop)
    {
        if (texts.Length > 0 || also.Length > 0) throw new InvalidDataException("--test labels the rows of one task; leave out texts and --also");
        using var predictor = loading.One(folder);
        var task = predictor.Record.Task;
        foreach (var rows in TaskCatalogue.Default.With(OwnTasksOption.Read(tasks, folder)).LoadTest(task.Name, data).Examples.Chunk(RowsAtOnce))
            foreach (var prediction in predictor.Predict(rows, stop))
                writer.WriteLine(PredictionText.Line(prediction, task, format));
    }

    private static int Submission(string[] folders, string[] texts, Loading loading, string output, string? data, CancellationToken stop)
    {
        if (texts.Length > 0) throw new InvalidDataException("--glue-submission takes its rows from --data; leave out the texts");
        using var models = loading.Several(folders);
        if (models.Records.GroupBy(record => record.Task.Name).FirstOrDefault(task => task.Count() > 1) is { } twice)
            throw new InvalidDataException($"--also: two models were tuned on task '{twice.Key}', but a submission has one file per task; name only one of them");
        // read all rows before labelling any: labelling is slow, and bad input should be reported first
        GlueTestSet[][] sets = [.. models.Records.Select(record => GlueTestSet.Load(record.Task.Name, data).ToArray())];
        foreach (var (folder, set) in sets.Index().SelectMany(folder => folder.Item.Select(set => (folder.Index, set))))
        {
            var answers = new List<double>(set.Examples.Count);
            foreach (var rows in set.Examples.Chunk(RowsAtOnce)) answers.AddRange(models.Predict([.. rows.Select(row => (folder, row))], stop).Select(prediction => prediction.Value));
            var unknown = set.Task.Range is null ? answers.Count(answer => answer < 0) : 0;
            // the site requires an answer for every row
            var path = GlueSubmission.Write(output, set, [.. answers.Select(answer => set.Task.Range is null ? Math.Max(0, answer) : answer)]);
            Console.WriteLine($"{path}: {answers.Count:N0} rows");
            if (unknown > 0 && loading.Warns) Console.Error.WriteLine($"warning: {path}: {unknown:N0} answers were not labels; '{set.Task.Labels[0]}' was written for them");
        }
        return ExitCodes.Done;
    }

    private static Example Parse(string text, int line, TaskDefinition task)
    {
        var parts = text.Split('\t');
        if (parts.Length != (task.Pairs ? 2 : 1))
            throw new InvalidDataException($"text {line}: {task.Name} labels {(task.Pairs ? "pairs: write two sentences with one tab between" : "single texts: leave out the tab")}");
        return new(parts[0], parts.ElementAtOrDefault(1), double.NaN);
    }

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line) yield return line;
    }
}
