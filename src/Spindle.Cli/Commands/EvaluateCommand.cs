using System.CommandLine;
using System.Text.Json;
using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
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
        var backbone = new Option<string?>("--backbone") { Description = "The backbone's folder, where it is not where it was." };
        var format = ChoiceOption.Of<Format>("--format", "How it is written; text by default.");
        var command = new Command("evaluate", "Scores a tuned model on all validation rows of its task.\n\nExample:\n  spindle evaluate runs/sentiment")
        {
            folder, data, tasks, backbone, format,
        };
        command.SetAction((parsed, stop) => Task.FromResult(Run(
            parsed.GetRequiredValue(folder), parsed.GetValue(data), parsed.GetValue(tasks), parsed.GetValue(backbone), parsed.GetValue(format) ?? Format.Text, stop)));
        return command;
    }

    private static int Run(string folder, string? data, string? tasks, string? backbone, Format format, CancellationToken stop)
    {
        using var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default, backbone);
        var rows = TaskCatalogue.Default.With(OwnTasksOption.Read(tasks)).Load(predictor.Description.Task.Name, data);
        var scores = predictor.Evaluate(rows, stop);
        var count = rows.Validation.Sum(split => split.Examples.Count);
        Console.WriteLine(format == Format.Json
            ? JsonSerializer.Serialize(new { task = rows.Task.Name, rows = count, score = scores.Score, metrics = scores.Metrics })
            : $"{rows.Task.Name}: {scores.Score:F2} points on {count:N0} rows ({string.Join(", ", scores.Metrics.Select(metric => $"{metric.Key} {metric.Value:F4}"))})");
        foreach (var skipped in rows.Validation.SelectMany(split => split.Skipped))
            Console.Error.WriteLine($"skipped {skipped.File}:{skipped.Line}: {skipped.Reason}");
        return ExitCodes.Done;
    }
}
