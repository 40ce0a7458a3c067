using System.Diagnostics;
using System.Globalization;
using Spindle.Benchmarks;
using Spindle.Benchmarks.Memory;
using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Tuning;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using TorchSharp;

// one training step over random weights at a real size, and what memory it took; a process a backbone, so that peaks are its own
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["task", var data, var named, var way])
{
    TaskMemory.Run(data, named, way);
    return 0;
}
if (args is ["task", var rowsOf, var taskName]) return TaskMemory.RunAll(rowsOf, taskName);
const int Batch = 2, Length = 128;
const string Kept = "kept", Recomputed = "recomputed";
if (args is ["long", .. var chosen])
{
    Console.WriteLine("one step of long rows at a budget of 0.5%, frozen weights in bfloat16, with layers kept or recomputed for the backward pass; GiB");
    Console.WriteLine(Header());
    return RunAll(from one in ((string Name, int Batch, int Length)[])[("roberta-base", 16, 512), ("t5-base", 8, 512), ("t5-3b", 1, 512)]
                  where chosen.Length == 0 || chosen.Contains(one.Name)
                  from layers in (string[])[Kept, Recomputed]
                  select (one.Name, "lora", one.Batch, one.Length, layers));
}
if (args is not [var name, var strategy, var batchText, var lengthText, Kept or Recomputed])
{
    Console.WriteLine($"one step of {Batch} rows of {Length} tokens at a budget of 0.5%, frozen weights in bfloat16; GiB");
    Console.WriteLine(Header());
    return RunAll((args.Length > 0 ? args[..1] : ["roberta-base", "roberta-large", "bart-base", "bart-large", "t5-base", "t5-3b"]).Select(backbone => (backbone, "lora", Batch, Length, Kept)));
}
var (batch, length) = (int.Parse(batchText), int.Parse(lengthText));
torch.set_num_threads(Environment.ProcessorCount);
var folder = RealConfigurations.Write(name);
using var made = BackboneCatalogue.Initialise(folder.FullName, new() { FrozenType = torch.ScalarType.BFloat16, ActivationCheckpointing = args[4] == Recomputed }, seed: 1);
folder.Delete(recursive: true);
var weights = ResidentMemory.Now;
var design = Design.Uniform(new(strategy), made.Layers.Count);
var solution = BudgetSolver.Solve(design, made.Shape.Parameters / 200, made.Shape, StrategyRegistry.Default.Costs).Require();
using var model = TunedModel.Create(made, solution, StrategyRegistry.Default, random => made.MakeJointHead(2, random), 1);
var ends = made is ISequenceToSequence sequence ? sequence.Tokens.End : 2;
var numbers = new Random(1);
EncodedExample[] rows =
[
    .. Enumerable.Range(0, batch).Select(row => new EncodedExample(
        new Encoding([.. Enumerable.Range(0, length - 1).Select(_ => numbers.Next(1000, 30000)), ends], new int[length]), null, row % 2)),
];
var task = new EncodedTask(new("random", TaskKind.Classification, ["no", "yes"], false, ["accuracy"], null), rows, [("validation", rows)]);
var trainer = new Trainer(new TrainingSettings { BatchSize = batch }, new LabelObjective(LabelLogits.Of(task.Task), paddingId: 1), paddingId: 1);
var (clock, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
var run = trainer.Train(model, task, new(1, 1e-4, 1), null, default);
if (run.Failure is not null) throw new InvalidOperationException(run.Failure);
const double GiB = 1L << 30;
Console.WriteLine($"{name,-14} {strategy,-9} {args[4],-10} {$"{batch} x {length}",8} {made.Shape.Parameters,14:N0} {model.Trained,12:N0} {weights / GiB,8:F2} {ResidentMemory.Peak / GiB,6:F2} {clock.Elapsed.TotalSeconds,7:F1} "
    + $"{(Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds,11:F1}");
return 0;

static string Header() => $"{"backbone",-14} {"strategy",-9} {"layers",-10} {"rows",8} {"parameters",14} {"trained",12} {"weights",8} {"peak",6} {"step s",7} {"processor s",11}";

static int RunAll(IEnumerable<(string Backbone, string Strategy, int Batch, int Length, string Layers)> cases)
{
    foreach (var one in cases)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [one.Backbone, one.Strategy, $"{one.Batch}", $"{one.Length}", one.Layers]))!;
        process.WaitForExit();
        if (process.ExitCode != 0) return process.ExitCode;
    }
    return 0;
}
