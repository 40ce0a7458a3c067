using System.CommandLine;
using Spindle.Cli.Terminal;
using Spindle.Models.Tuning;
using Spindle.Training.FineTuning;
using Spindle.Training.Tuned;
using Spindle.Yaml;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle train</c>: trains one design on one task, or trains what a study found.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var defaults = new TaskTrainingOptions("");
        var task = new Option<string?>("--task") { Description = "The task (sst2, builtin/sentiment, …), or a task that the --tasks file describes. With --from, one of the study's tasks." };
        var tasks = OwnTasksOption.Create();
        var output = new Option<string>("--output") { Description = "The folder for the tuned model.", Required = true };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replaces a tuned model that is already in the folder." };
        var from = new Option<string?>("--from") { Description = "The store of a search. Trains an option of its final comparison exactly as the search did, with the same score." };
        var side = new Option<string?>("--option") { Description = "With --from, the option to train: found, a strategy's name, or a baseline's, such as full; by default the found design, or the winner if no design was searched." };
        var backbone = new Option<string?>("--backbone") { Description = $"An embedded backbone, a downloaded repository or a folder; {defaults.Backbone} by default." };
        var data = new Option<string?>("--data") { Description = "The folder of the tasks' data; the built-in tasks need none." };
        var budget = new Option<string?>("--budget") { Description = $"A share of the backbone's parameters, or a whole number; {defaults.Budget} by default." };
        var design = new Option<string?>("--design") { Description = "A design file (YAML)." };
        var strategies = new Option<string?>("--strategies") { Description = $"The strategies of all layers, separated by commas, if no design is given; {string.Join(',', defaults.Strategies)} by default." };
        var options = Strategies.Options();
        var full = new Option<bool>("--full") { Description = "Trains every weight of the backbone, without a budget." };
        var seed = new Option<int?>("--seed") { Description = $"The random seed; {defaults.Seed} by default." };
        var layers = LayersOption.Create();
        var training = new TrainingOptions();
        Option[] withoutStore = [tasks, backbone, data, budget, design, strategies, options, full, layers, seed];
        var command = new Command("train",
            "Trains one design on one task and writes the tuned weights to a folder.\n\n"
            + "Examples:\n  spindle train --task builtin/sentiment --strategies adapter,lora --output runs/sentiment\n"
            + "  spindle train --from studies/quickstart.db --option lora --task builtin/sentiment --output runs/lora")
        {
            task, tasks, output, overwrite, from, side, backbone, data, budget, design, strategies, options, full, layers, seed,
        };
        training.AddTo(command);
        var shown = OutputOptions.AddTo(command, "the progress and the result as one JSON object per line", "the score after each epoch");
        command.SetAction((parsed, stop) =>
        {
            if (!parsed.GetValue(overwrite) && TunedFolder.Exists(parsed.GetRequiredValue(output)))
                throw new InvalidDataException($"{parsed.GetRequiredValue(output)}: already holds a tuned model; name another folder, or use --overwrite to replace it");
            using var prepared = Preparation.Run(() => parsed.GetValue(from) is { } store ? FromStore(store) : FromOptions(), stop);
            return Task.FromResult(Run(prepared, parsed.GetRequiredValue(output), shown.Read(parsed), stop));

            TaskTraining FromStore(string store)
            {
                string[] given = [.. withoutStore.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name), .. training.Given(parsed).Where(name => name != "--device")];
                if (given.Length > 0) throw new InvalidDataException($"--from trains exactly as the search did, so it excludes {string.Join(", ", given)}; leave one of them out");
                return TaskTraining.From(new(store)
                {
                    Device = training.Given(parsed).Contains("--device") ? training.Read(parsed).Device : null,
                    Option = parsed.GetValue(side),
                    Task = parsed.GetValue(task),
                    Output = parsed.GetRequiredValue(output),
                    Overwrite = parsed.GetValue(overwrite),
                });
            }

            TaskTraining FromOptions()
            {
                if (parsed.GetValue(side) is not null) throw new InvalidDataException("--option names an option of a search's final comparison; name the search's store with --from");
                var named = (parsed.GetValue(design) is null ? 0 : 1) + (parsed.GetValue(strategies) is null ? 0 : 1) + (parsed.GetValue(full) ? 1 : 0);
                if (named > 1) throw new InvalidDataException("--design, --strategies and --full exclude each other; use only one of them");
                var configurations = Strategies.ReadOptions(parsed.GetValue(options));
                var costs = StrategyRegistry.Default.Configure(configurations).Costs;
                var settings = training.Read(parsed);
                // only one of the two rates is used here, so --learning-rate sets both
                if (training.Given(parsed).Contains("--learning-rate") && !training.Given(parsed).Contains("--full-learning-rate")) settings = settings with { FullLearningRate = settings.LearningRate };
                if (!training.Given(parsed).Contains("--threads")) settings = settings with { Threads = Environment.ProcessorCount };
                var chosen = new TaskTrainingOptions(parsed.GetValue(task) ?? throw new InvalidDataException("name the task to train on with --task, or a search's store with --from"))
                {
                    Data = parsed.GetValue(data),
                    OwnTasks = OwnTasksOption.Read(parsed.GetValue(tasks)),
                    Design = parsed.GetValue(design) is { } file ? DesignYaml.Read(file, costs.Names) : null,
                    Full = parsed.GetValue(full),
                    Configurations = configurations,
                    Training = settings,
                    Output = parsed.GetRequiredValue(output),
                    Overwrite = parsed.GetValue(overwrite),
                };
                if (parsed.GetValue(backbone) is { } name) chosen = chosen with { Backbone = name };
                if (parsed.GetValue(budget) is { } allowed) chosen = chosen with { Budget = OptionValues.Budget(allowed) };
                if (parsed.GetValue(strategies) is { } set) chosen = chosen with { Strategies = [.. Strategies.Read(set, costs)] };
                if (parsed.GetValue(layers) is { } numbering) chosen = chosen with { Layers = numbering };
                if (parsed.GetValue(seed) is { } number) chosen = chosen with { Seed = number };
                return TaskTraining.Prepare(chosen);
            }
        });
        return command;
    }

    private static int Run(TaskTraining training, string output, CommandOutput printed, CancellationToken stop)
    {
        printed.Warn(training.Warnings);
        if (training.Cut is { } cut) printed.Say($"{training.Task}: {cut}");
        FineTuningResult result;
        try
        {
            result = TrainingDisplay.Show(printed, training.Task, progress => training.Run(progress, stop));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("spindle: interrupted; no tuned model was written");
            return ExitCodes.Interrupted;
        }
        if (result.Failure is not null)
        {
            Console.Error.WriteLine($"spindle: {result.Failure}");
            return ExitCodes.Failed;
        }
        if (printed.Mode == OutputMode.Verbose)
            foreach (var (epoch, score) in result.ScoredEpochs.Zip(result.EpochScores)) printed.Say($"{training.Task}: {score:F2} points after epoch {epoch}");
        if (result.Test is { } test) printed.Say($"{training.Task}: {test:F2} points on the test rows");
        printed.Say($"{training.Task}: {result.Score:F2} points ({string.Join(", ", result.Metrics.Select(metric => $"{metric.Key} {metric.Value:F4}"))}), "
            + $"{result.Trained:N0} trained parameters and {result.HeadParameters:N0} in the head, {result.ExampleSteps / result.Seconds:F0} examples per second");
        if (training.Expected is { } expected && expected != result.Score)
            printed.Warn([$"the search scored {expected:F2}; the machine, its precision or the rows have changed since"]);
        printed.Say($"tuned model in {output}");
        printed.SayQuietly($"{training.Task}: {result.Score:F2} points; the tuned model is in {output}");
        printed.Event("result", () => new()
        {
            ["task"] = training.Task,
            ["score"] = JsonValues.Number(result.Score),
            ["validation"] = JsonValues.Number(result.Validation),
            ["test"] = JsonValues.Number(result.Test),
            ["epochScores"] = JsonValues.Numbers(result.EpochScores),
            ["metrics"] = JsonValues.Named(result.Metrics),
            ["trained"] = result.Trained,
            ["headParameters"] = result.HeadParameters,
            ["exampleSteps"] = result.ExampleSteps,
            ["seconds"] = JsonValues.Number(result.Seconds),
            ["output"] = output,
        });
        return ExitCodes.Done;
    }
}
