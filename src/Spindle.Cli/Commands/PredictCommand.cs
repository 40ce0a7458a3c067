using System.CommandLine;
using System.Text.Json;
using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Training.Tuned;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle predict</c>: text in, label and probabilities out.</summary>
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
            Description = "Texts to label, a pair as two sentences with a tab between; lines of standard input where none is given.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var backbone = new Option<string?>("--backbone") { Description = "The backbone's folder, where it is not where it was." };
        var format = ChoiceOption.Of<Format>("--format", "Tab-separated text (the default), or a JSON object a line.");
        var command = new Command("predict",
            "Labels texts with a tuned model, with the probability of each label.\n\n"
            + "Examples:\n  spindle predict runs/sentiment \"A wonderful, moving film.\"\n  cut -f 4 reviews.tsv | spindle predict runs/sentiment --format json")
        {
            folder, texts, backbone, format,
        };
        command.SetAction((parsed, stop) => Task.FromResult(Run(
            parsed.GetRequiredValue(folder), parsed.GetValue(texts) ?? [], parsed.GetValue(backbone), parsed.GetValue(format) ?? Format.Text, stop)));
        return command;
    }

    private static int Run(string folder, string[] texts, string? backbone, Format format, CancellationToken stop)
    {
        using var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default, backbone);
        var task = predictor.Description.Task;
        var line = 0;
        foreach (var rows in (texts.Length > 0 ? texts : Lines(Console.In)).Select(text => Parse(text, ++line, task)).Chunk(RowsAtOnce))
            foreach (var prediction in predictor.Predict(rows, stop)) Console.WriteLine(format == Format.Json ? Json(prediction, task) : Text(prediction, task));
        return ExitCodes.Done;
    }

    private static Example Parse(string text, int line, TaskDefinition task)
    {
        var parts = text.Split('\t');
        if (parts.Length != (task.Pairs ? 2 : 1))
            throw new InvalidDataException($"text {line}: {task.Name} labels {(task.Pairs ? "pairs: write two sentences with one tab between" : "single texts: leave out the tab")}");
        return new(parts[0], parts.ElementAtOrDefault(1), double.NaN);
    }

    private static string Text(Prediction prediction, TaskDefinition task) => task.Kind == TaskKind.Regression
        ? $"{prediction.Value:F4}"
        : string.Join('\t', [task.Labels[(int)prediction.Value], .. prediction.Probabilities.Select((share, label) => $"{task.Labels[label]}={share:F4}")]);

    private static string Json(Prediction prediction, TaskDefinition task) => task.Kind == TaskKind.Regression
        ? JsonSerializer.Serialize(new { value = prediction.Value })
        : JsonSerializer.Serialize(new
        {
            label = task.Labels[(int)prediction.Value],
            probabilities = prediction.Probabilities.Index().ToDictionary(share => task.Labels[share.Index], share => share.Item),
        });

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line) yield return line;
    }
}
