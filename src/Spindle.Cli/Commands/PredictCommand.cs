using System.CommandLine;
using System.Text.Json;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Glue;
using Spindle.Models.Tuning;
using Spindle.Training.Evaluation;
using Spindle.Training.Tuned;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle predict</c>: labels texts, or generates text.</summary>
internal static class PredictCommand
{
    private const int RowsAtOnce = 256;

    private enum Format
    {
        Text,
        Json,
    }

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
        var submission = new Option<string?>("--glue-submission")
        {
            Description = "Labels GLUE's unlabelled test rows below --data instead of texts. Writes the files that the benchmark's site accepts into this folder.",
        };
        var test = new Option<bool>("--test") { Description = "Labels the test rows of the model's task instead of texts: those of XSum or WMT16 below --data, or those of your own task." };
        var tasks = OwnTasksOption.Create();
        var data = new Option<string?>("--data") { Description = "The folder of the data for --glue-submission and --test; the downloaded data by default." };
        var format = ChoiceOption.Of<Format>("--format", "Tab-separated text (the default), or one JSON object per line.");
        var command = new Command("predict",
            "Labels texts with a tuned model and prints the probability of each label, or generates text.\n\n"
            + "Examples:\n  spindle predict runs/sentiment \"A wonderful, moving film.\"\n  cut -f 4 reviews.tsv | spindle predict runs/sentiment --format json\n"
            + "  spindle predict runs/sentiment --also runs/topic $'sentiment\\tA moving film.' $'topic\\tRates rose again.'\n"
            + "  spindle predict runs/cola --also runs/rte --glue-submission submission --data glue_data\n"
            + "  spindle predict runs/reviews --test --tasks studies/mine.yaml")
        {
            folder, texts, also, backbone, submission, test, tasks, data, format,
        };
        command.SetAction((parsed, stop) => Task.FromResult(parsed.GetValue(submission) is { } output
            ? Submission([parsed.GetRequiredValue(folder), .. parsed.GetValue(also) ?? []], parsed.GetValue(texts) ?? [], parsed.GetValue(backbone), output, parsed.GetValue(data), stop)
            : parsed.GetValue(test) ? Test(parsed.GetRequiredValue(folder), parsed.GetValue(texts) ?? [], parsed.GetValue(also) ?? [], parsed.GetValue(backbone),
                parsed.GetValue(tasks), parsed.GetValue(data), parsed.GetValue(format) ?? Format.Text, stop)
            : Run([parsed.GetRequiredValue(folder), .. parsed.GetValue(also) ?? []], parsed.GetValue(texts) ?? [], parsed.GetValue(backbone), parsed.GetValue(format) ?? Format.Text, stop)));
        return command;
    }

    private static int Run(string[] folders, string[] texts, string? backbone, Format format, CancellationToken stop)
    {
        string[] names = [.. folders.Select(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))))];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length) throw new InvalidDataException("--also: two folders have the same name; rename one, because texts refer to folders by name");
        using var models = TunedCollection.Load(folders, StrategyRegistry.Default, backbone);
        TaskDefinition[] tasks = [.. models.Records.Select(record => record.Task)];
        var line = 0;
        foreach (var rows in (texts.Length > 0 ? texts : Lines(Console.In)).Select(text => Route(text, ++line)).Chunk(RowsAtOnce))
            foreach (var (row, prediction) in rows.Zip(models.Predict(rows, stop)))
                Console.WriteLine(format == Format.Json ? Json(prediction, tasks[row.Folder]) : Text(prediction, tasks[row.Folder]));
        return ExitCodes.Done;

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

    private static int Test(string folder, string[] texts, string[] also, string? backbone, string? tasks, string? data, Format format, CancellationToken stop)
    {
        if (texts.Length > 0 || also.Length > 0) throw new InvalidDataException("--test labels the rows of one task; leave out texts and --also");
        using var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default, backbone);
        var task = predictor.Record.Task;
        foreach (var rows in TaskCatalogue.Default.With(OwnTasksOption.Read(tasks)).LoadTest(task.Name, data).Examples.Chunk(RowsAtOnce))
            foreach (var prediction in predictor.Predict(rows, stop))
                Console.WriteLine(format == Format.Json ? Json(prediction, task) : Text(prediction, task));
        return ExitCodes.Done;
    }

    private static int Submission(string[] folders, string[] texts, string? backbone, string output, string? data, CancellationToken stop)
    {
        if (texts.Length > 0) throw new InvalidDataException("--glue-submission takes its rows from --data; leave out the texts");
        using var models = TunedCollection.Load(folders, StrategyRegistry.Default, backbone);
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
            if (unknown > 0) Console.Error.WriteLine($"warning: {path}: {unknown:N0} answers were not labels; '{set.Task.Labels[0]}' was written for them");
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

    private static string Text(Prediction prediction, TaskDefinition task) => task.Kind switch
    {
        TaskKind.TextToText => prediction.Text!.ReplaceLineEndings(" "),
        TaskKind.Regression => $"{prediction.Value:F4}",
        // the generated text may not be a label
        _ => string.Join('\t', [task.Labels.ElementAtOrDefault((int)prediction.Value) ?? prediction.Text!.ReplaceLineEndings(" "),
            .. prediction.Probabilities.Select((share, label) => $"{task.Labels[label]}={share:F4}")]),
    };

    private static string Json(Prediction prediction, TaskDefinition task) => task.Kind switch
    {
        TaskKind.TextToText => JsonSerializer.Serialize(new { text = prediction.Text }),
        TaskKind.Regression => JsonSerializer.Serialize(new { value = prediction.Value }),
        _ when prediction.Text is { } text => JsonSerializer.Serialize(new { label = task.Labels.ElementAtOrDefault((int)prediction.Value), text }),
        _ => JsonSerializer.Serialize(new
        {
            label = task.Labels[(int)prediction.Value],
            probabilities = prediction.Probabilities.Index().ToDictionary(share => task.Labels[share.Index], share => share.Item),
        }),
    };

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line) yield return line;
    }
}
