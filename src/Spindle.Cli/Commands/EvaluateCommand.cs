using System.CommandLine;
using System.Text.Json;
using Spindle.Cli.Terminal;
using Spindle.Data.Tasks;
using Spindle.Metrics;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle evaluate</c>: scores a tuned model on its task's validation rows.</summary>
internal static class EvaluateCommand
{
    private enum Format
    {
        Text,
        Json,
    }

    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "A tuned model's folder." };
        var data = new Option<string?>("--data") { Description = "The folder of the tasks' data; the built-in tasks need none." };
        var tasks = OwnTasksOption.Create();
        var backbone = new Option<string?>("--backbone") { Description = "The backbone's folder, if it has moved." };
        var device = DeviceOption.Create();
        var precision = PrecisionOption.Create();
        var test = new Option<bool>("--test") { Description = "Scores the labelled rows of the task's test files instead, if it has any: your own, or those of XSum and WMT16 (newstest2016)." };
        var format = ChoiceOption.Of<Format>("--format", "The output format; text by default.");
        var command = new Command("evaluate", "Scores a tuned model on all validation rows of its task.\n\nExample:\n  spindle evaluate runs/sentiment")
        {
            folder, data, tasks, backbone, device, precision, test, format,
        };
        var shown = OutputOptions.AddTo(command, "the result as one JSON object, and warnings as others,");
        command.SetAction((parsed, stop) => Task.FromResult(Run(
            parsed.GetRequiredValue(folder), parsed.GetValue(data), parsed.GetValue(tasks), parsed.GetValue(backbone), DeviceOption.Read(parsed, device), parsed.GetValue(precision), parsed.GetValue(test), parsed.GetValue(format) ?? Format.Text, shown.Read(parsed), stop)));
        return command;
    }

    private static int Run(string folder, string? data, string? tasks, string? backbone, DeviceChoice? device, Precision? precision, bool test, Format format, CommandOutput printed, CancellationToken stop)
    {
        if (format == Format.Json && printed.Mode == OutputMode.Json) throw new InvalidDataException("--json prints warnings as objects too, --format json the result alone; leave one of them out");
        using var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default, backbone, device ?? DeviceChoice.Auto, precision);
        printed.Warn(predictor.Warnings);
        var rows = Rows(TaskCatalogue.Default.With(OwnTasksOption.Read(tasks, folder)), predictor.Record.Task, data, test);
        var scores = predictor.Evaluate(rows, stop);
        var count = rows.Validation.Sum(split => split.Labelled.Count);
        var signatures = rows.Task.Metrics.Concat(rows.Task.Reported).Where(metric => TextMetricCatalogue.Signature(metric) is not null)
            .ToDictionary(metric => metric, metric => TextMetricCatalogue.Signature(metric)!);
        var result = new { task = rows.Task.Name, rows = count, score = scores.Score, metrics = scores.Metrics, signatures };
        var line = $"{rows.Task.Name}: {scores.Score:F2} points on {count:N0} rows ({string.Join(", ", scores.Metrics.Select(metric => $"{metric.Key} {metric.Value:F4}"))})";
        if (format == Format.Json) Console.WriteLine(JsonSerializer.Serialize(result));
        else
        {
            printed.Say(line);
            printed.SayQuietly(line);
            foreach (var (metric, signature) in signatures) printed.Say($"{metric}: {signature}");
        }

        printed.Event("result", () => JsonSerializer.SerializeToNode(result)!.AsObject());
        foreach (var skipped in rows.Validation.SelectMany(split => split.Skipped)) printed.Skip(skipped.File, skipped.Line, skipped.Reason);
        return ExitCodes.Done;
    }

    private static TaskData Rows(TaskCatalogue catalogue, TaskDefinition task, string? data, bool test)
    {
        if (!test) return catalogue.Load(task.Name, data);
        var rows = catalogue.LoadTest(task.Name, data);
        return rows.Examples.Any(row => row.IsLabelled)
            ? new(task, rows, [rows])
            : throw new InvalidDataException($"the test rows of task '{task.Name}' have no labels to score against; to label them, run: spindle predict FOLDER --test");
    }
}
