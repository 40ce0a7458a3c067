using System.CommandLine;
using Spindle.Cli.Terminal;
using Spindle.Data.Tasks;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Models.Tuning;
using Spindle.Search.Studies;
using Spindle.Search.Trials;
using Spindle.Training.Trials;
using Spindle.Yaml;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle train</c>: trains one design on one task.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var task = new Option<string>("--task") { Description = "The task (sst2, builtin/sentiment, …), or one that the file under --tasks describes.", Required = true };
        var tasks = OwnTasksOption.Create();
        var output = new Option<string>("--output") { Description = "The folder for the tuned model.", Required = true };
        var backbone = new Option<string>("--backbone") { Description = "An embedded backbone or a folder.", DefaultValueFactory = _ => "minilm-l6" };
        var data = new Option<string?>("--data") { Description = "The folder of the tasks' data; the built-in tasks need none." };
        var budget = new Option<string>("--budget") { Description = "A share of the backbone's parameters, or a whole number.", DefaultValueFactory = _ => "0.5%" };
        var design = new Option<string?>("--design") { Description = "A design file (YAML)." };
        var strategies = new Option<string?>("--strategies") { Description = "Strategies for all layers alike, joined by commas, in place of a design: lora by default." };
        var options = Strategies.Options();
        var full = new Option<bool>("--full") { Description = "Trains every weight of the backbone instead, without a budget." };
        var head = ChoiceOption.Of<HeadKind>("--head", "The head over the backbone; the checkpoint's own by default.");
        var seed = new Option<int>("--seed") { Description = "The seed of everything random.", DefaultValueFactory = _ => 42 };
        var layers = LayersOption.Create();
        var training = new TrainingOptions();
        var command = new Command("train",
            "Trains one design on one task and keeps the tuned weights.\n\n"
            + "Example:\n  spindle train --task builtin/sentiment --strategies adapter,lora --output runs/sentiment")
        {
            task, tasks, output, backbone, data, budget, design, strategies, options, full, head, layers, seed,
        };
        training.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var settings = training.Read(parsed) with { Head = parsed.GetValue(head) };
            var named = (parsed.GetValue(design) is null ? 0 : 1) + (parsed.GetValue(strategies) is null ? 0 : 1) + (parsed.GetValue(full) ? 1 : 0);
            if (named > 1) throw new InvalidDataException("--design, --strategies and --full exclude each other; name one of them");
            var study = new Study("train", parsed.GetRequiredValue(backbone), [parsed.GetRequiredValue(task)], parsed.GetValue(data),
                Budgets.Read(parsed.GetRequiredValue(budget)), new() { Layers = parsed.GetValue(layers) ?? LayerNumbering.Paired }, settings, new() { Seed = parsed.GetValue(seed) })
            {
                Strategies = Strategies.ReadOptions(parsed.GetValue(options)),
                OwnTasks = OwnTasksOption.Read(parsed.GetValue(tasks)),
            };
            return Task.FromResult(Run(study, parsed.GetValue(design), parsed.GetValue(strategies), parsed.GetValue(full), parsed.GetRequiredValue(output), stop));
        });
        return command;
    }

    private static int Run(Study study, string? designFile, string? strategies, bool full, string output, CancellationToken stop)
    {
        using var runner = new TrialRunner(study, TaskCatalogue.Default, StrategyRegistry.Default);
        var costs = runner.Costs;
        TuningPlan plan = full ? new TuningPlan.Full()
            : new TuningPlan.Designed(designFile is null
                ? Design.Uniform(Strategies.Read(strategies ?? "lora", costs), runner.Shape.Layers.Count)
                : DesignYaml.Read(designFile, costs.Names));
        if (plan is TuningPlan.Designed designed)
        {
            if (designed.Design.Layers != runner.Shape.Layers.Count)
                throw new InvalidDataException($"{designFile}: the design has {designed.Design.Layers} layers, {runner.Shape.Name} has {runner.Shape.Layers.Count}; an encoder-decoder has as many as it has blocks with --layers sequential");
            if (BudgetSolver.Solve(designed.Design, runner.Budget, runner.Shape, costs) is BudgetResult.Infeasible infeasible)
                throw new InvalidDataException(infeasible.Needed == 0 ? infeasible.Reason : $"the design does not fit the budget: {infeasible.Reason}; raise --budget");
        }
        var request = new TrialRequest(plan, study.Tasks[0], study.Search.Seed, study.Training.Epochs, output);
        foreach (var warning in runner.Task(study.Tasks[0]).Warnings) Console.Error.WriteLine($"warning: {warning}");
        TrialOutcome outcome;
        try
        {
            outcome = TrainingDisplay.Show(study.Tasks[0], progress => runner.Run(request, progress, stop));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("spindle: interrupted; nothing was written");
            return ExitCodes.Interrupted;
        }
        if (outcome.Failure is not null)
        {
            Console.Error.WriteLine($"spindle: {outcome.Failure}");
            return ExitCodes.Failed;
        }
        Console.WriteLine($"{study.Tasks[0]}: {outcome.Score:F2} points ({string.Join(", ", outcome.Metrics.Select(metric => $"{metric.Key} {metric.Value:F4}"))}), "
            + $"{outcome.Trained:N0} parameters trained and {outcome.HeadParameters:N0} of the head, {outcome.ExampleSteps / outcome.Seconds:F0} examples a second");
        Console.WriteLine($"tuned model in {output}");
        return ExitCodes.Done;
    }
}
