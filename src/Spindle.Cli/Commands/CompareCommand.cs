using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Spindle.Cli.Terminal;
using Spindle.Data.Tasks;
using Spindle.Metrics.Paired;
using Spindle.Metrics.Predictions;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle compare</c>: whether two tuned models differ on the same validation rows.</summary>
internal static class CompareCommand
{
    private const int DefaultDraws = 1000;
    private const int MostDraws = 1_000_000;

    public static Command Create()
    {
        var first = new Argument<string>("folder") { Description = "A tuned model's folder." };
        var second = new Argument<string>("other") { Description = "The folder of another model that was tuned on the same task." };
        var data = new Option<string?>("--data") { Description = "The folder of the tasks' data; the built-in tasks need none." };
        var tasks = OwnTasksOption.Create();
        var draws = new Option<int>("--draws") { Description = "Number of draws of the bootstrap and of the permutation test.", DefaultValueFactory = _ => DefaultDraws };
        draws.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => int.TryParse(token.Value, out var value) && value is < 1 or > MostDraws)) result.AddError($"--draws must be from 1 to {MostDraws}.");
        });
        var device = DeviceOption.Create();
        var precision = PrecisionOption.Create();
        var command = new Command("compare",
            "Compares two tuned models on all validation rows of their task: a paired bootstrap's 95% interval, and a paired permutation test.\n\n"
            + "Example:\n  spindle compare runs/lora runs/adapter")
        {
            first, second, data, tasks, draws, device, precision,
        };
        command.SetAction((parsed, stop) => Task.FromResult(Run(
            parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), parsed.GetValue(data), parsed.GetValue(tasks), parsed.GetValue(draws), DeviceOption.Read(parsed, device) ?? DeviceChoice.Auto, parsed.GetValue(precision), stop)));
        return command;
    }

    private static int Run(string first, string second, string? data, string? tasks, int draws, DeviceChoice device, Precision? precision, CancellationToken stop)
    {
        (first, second) = (TunedFolder.Resolve(first), TunedFolder.Resolve(second));
        var (task, other) = (TunedFolder.Read(first).Task, TunedFolder.Read(second).Task);
        if (task.Name != other.Name) throw new InvalidDataException($"{second}: was tuned on {other.Name}, but {first} was tuned on {task.Name}; compare two models of the same task");
        var rows = TaskCatalogue.Default.With(OwnTasksOption.Read(tasks, first)).Load(task.Name, data);
        task.RequireSameAnswers(rows.Task);
        other.RequireSameAnswers(rows.Task);
        var labelled = rows.Validation.Select(split => (split.Name, Rows: split.Labelled)).ToArray();
        var warnings = new List<string>();
        var (own, others) = (Predict(first), Predict(second));
        WarningLines.Print(warnings);
        var table = new Table().Border(TableBorder.Minimal).AddColumns("metric", "first", "second", "difference", "95% interval", "p (bootstrap)", "p (permutation)");
        foreach (var (index, split) in labelled.Index())
            foreach (var metric in rows.Task.Metrics)
            {
                var (score, paired) = (own[index].Score(metric), new PairedRows(SplitPredictions.Pair([(own[index] with { Metrics = [metric] }, others[index])], 1)));
                var (effect, test) = (paired.Bootstrap(draws, stop: stop), paired.Permutation(draws, stop: stop));
                table.AddRow(labelled.Length == 1 ? metric : $"{metric} ({split.Name})", Figure(score), Figure(score - effect.Difference), Figure(effect.Difference),
                    $"{Figure(effect.Lower)} to {Figure(effect.Upper)}", effect.Probability.ToString("0.000", CultureInfo.InvariantCulture), test.Probability.ToString("0.000", CultureInfo.InvariantCulture));
            }
        AnsiConsole.Write(table);
        Console.WriteLine($"{rows.Task.Name}: {labelled.Sum(split => split.Rows.Count):N0} rows, {draws:N0} draws; this is the uncertainty of the rows, not of training with other seeds");
        return ExitCodes.Done;

        SplitPredictions[] Predict(string folder)
        {
            using var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default, device: device, precision: precision);
            warnings.AddRange(predictor.Warnings);
            return [.. labelled.Select(split => TaskScores.Pair(rows.Task, split.Name, split.Rows.Select(row => (row.Label, row.Target)), predictor.Predict([.. split.Rows], stop)))];
        }
    }

    private static string Figure(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
