using System.Diagnostics;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using static TorchSharp.torch;

namespace Spindle.Benchmarks.Training;

/// <summary>Four models trained in turn against the same models trained in common passes over one backbone, by processor time on one thread.</summary>
internal static class LaneComparison
{
    private const int Steps = 40;
    private const int Rounds = 3;

    private static readonly string[][] Ways =
    [
        ["lora", "lora", "lora", "lora"],
        ["bitfit", "bitfit", "bitfit", "bitfit"],
        ["adapter", "adapter", "adapter", "adapter"],
        ["lora", "bitfit", "adapter", "lora"],
    ];

    /// <summary>Measures and prints every case; the first round, which compiles, is left out.</summary>
    /// <param name="data">The folder of GLUE's tasks.</param>
    /// <param name="precision"><c>float32</c> or <c>bfloat16</c>.</param>
    public static void Run(string data, string precision)
    {
        set_num_threads(1);
        using var backbone = BackboneCatalogue.Load(BackboneFolder.Locate("minilm-l6"), new() { FrozenType = precision == "float32" ? ScalarType.Float32 : ScalarType.BFloat16 });
        foreach (var (name, batch) in ((string, int)[])[("sst2", 4), ("sst2", 8), ("sst2", 16), ("mrpc", 8)])
        {
            using var tuner = new FineTuner(new("minilm-l6") { Data = data, Settings = new() { TrainLimit = batch * Steps, ValidationLimit = 2 } });
            var task = tuner.Task(name);
            var settings = new TrainingSettings { BatchSize = batch };
            var objective = new LabelObjective(LabelLogits.Of(task.Task), paddingId: 0);
            foreach (var ways in Ways)
            {
                double[][] times = [.. Enumerable.Range(0, Rounds).Select(_ => (double[])[Measure(ways, InTurn), Measure(ways, Together)])];
                var (inTurn, together) = (Median(times, 0), Median(times, 1));
                Console.WriteLine($"{precision,-9} {name,-5} batch {batch,2}  {string.Join(' ', ways),-32} {inTurn / Steps,7:F1} ms a step in turn {together / Steps,7:F1} together  ratio {inTurn / together:F2}");
            }

            void InTurn(TunedModel[] models)
            {
                foreach (var model in models)
                {
                    model.Resume();
                    new Trainer(settings, objective, paddingId: 0).Train(model, task, new(1, 1e-4, 1), null, default);
                    model.Suspend();
                }
            }

            void Together(TunedModel[] models) =>
                new LaneTrainer(settings, objective, paddingId: 0).Train(backbone, models, task, [.. models.Select(_ => new TrainingRequest(1, 1e-4, 1))], null, default);

            double Measure(string[] ways, Action<TunedModel[]> train)
            {
                TunedModel[] models =
                [
                    .. ways.Select(way =>
                    {
                        var model = Throughput.Attach(backbone, way, task.Task.Pairs);
                        model.Suspend();
                        return model;
                    }),
                ];
                using var process = Process.GetCurrentProcess();
                var before = process.TotalProcessorTime;
                train(models);
                process.Refresh();
                var time = (process.TotalProcessorTime - before).TotalMilliseconds;
                foreach (var model in models) model.Dispose();
                return time;
            }
        }
    }

    private static double Median(double[][] times, int index)
    {
        double[] sorted = [.. times.Skip(1).Select(round => round[index]).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
