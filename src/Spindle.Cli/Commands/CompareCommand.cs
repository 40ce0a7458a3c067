using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
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
        var shown = OutputOptions.AddTo(command, "the result as one JSON object, and warnings as others,");
        command.SetAction((parsed, stop) => Task.FromResult(Run(
            parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), parsed.GetValue(data), parsed.GetValue(tasks), parsed.GetValue(draws), DeviceOption.Read(parsed, device) ?? DeviceChoice.Auto, parsed.GetValue(precision), shown.Read(parsed), stop)));
        return command;
    }

    private static int Run(string first, string second, string? data, string? tasks, int draws, DeviceChoice device, Precision? precision, CommandOutput printed, CancellationToken stop)
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
        printed.Warn(warnings);
        var compared = new List<Compared>();
        foreach (var (index, split) in labelled.Index())
            foreach (var metric in rows.Task.Metrics)
            {
                var (score, paired) = (own[index].Score(metric), new PairedRows(SplitPredictions.Pair([(own[index] with { Metrics = [metric] }, others[index])], 1)));
                var (effect, test) = (paired.Bootstrap(draws, stop: stop), paired.Permutation(draws, stop: stop));
                compared.Add(new(labelled.Length == 1 ? metric : $"{metric} ({split.Name})", score, effect, test.Probability));
            }

        if (printed.IsText) AnsiConsole.Write(TableOf(compared));
        var count = labelled.Sum(split => split.Rows.Count);
        printed.Say($"{rows.Task.Name}: {count:N0} rows, {draws:N0} draws; this is the uncertainty of the rows, not of training with other seeds");
        printed.SayQuietly($"{rows.Task.Name}: {string.Join(", ", compared.Select(one => $"{one.Metric} differs by {Figure(one.Effect.Difference)} ({Figure(one.Effect.Lower)} to {Figure(one.Effect.Upper)}), p = {Probability(one.Permutation)}"))}");
        printed.Event("result", () => new() { ["task"] = rows.Task.Name, ["rows"] = count, ["draws"] = draws, ["metrics"] = new JsonArray([.. compared.Select(Json)]) });
        return ExitCodes.Done;

        SplitPredictions[] Predict(string folder)
        {
            using var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default, device: device, precision: precision);
            warnings.AddRange(predictor.Warnings);
            return [.. labelled.Select(split => TaskScores.Pair(rows.Task, split.Name, split.Rows.Select(row => (row.Label, row.Target)), predictor.Predict([.. split.Rows], stop)))];
        }
    }

    private static Table TableOf(IEnumerable<Compared> compared)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumns("metric", "first", "second", "difference", "95% interval", "p (bootstrap)", "p (permutation)");
        foreach (var (metric, score, effect, permutation) in compared)
            table.AddRow(Markup.Escape(metric), Figure(score), Figure(score - effect.Difference), Figure(effect.Difference), $"{Figure(effect.Lower)} to {Figure(effect.Upper)}", Probability(effect.Probability), Probability(permutation));
        return table;
    }

    private static JsonNode Json(Compared one) => new JsonObject
    {
        ["metric"] = one.Metric,
        ["first"] = JsonValues.Number(one.Score),
        ["second"] = JsonValues.Number(one.Score - one.Effect.Difference),
        ["difference"] = JsonValues.Number(one.Effect.Difference),
        ["lower"] = JsonValues.Number(one.Effect.Lower),
        ["upper"] = JsonValues.Number(one.Effect.Upper),
        ["bootstrapProbability"] = JsonValues.Number(one.Effect.Probability),
        ["permutationProbability"] = JsonValues.Number(one.Permutation),
    };

    private static string Probability(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Figure(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    // a metric of both models
    private sealed record Compared(string Metric, double Score, RowEffect Effect, double Permutation);
}
