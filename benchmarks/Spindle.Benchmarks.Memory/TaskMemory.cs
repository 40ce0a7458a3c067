using System.Diagnostics;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;

namespace Spindle.Benchmarks.Memory;

/// <summary>The memory of a whole training with its scoring on real rows: MiniLM-L6 in bfloat16 with LoRA at 0.5%, one thread. Each way is a process.</summary>
internal static class TaskMemory
{
    private const int Rows = 512, ScoredRows = 128, BatchSize = 16;
    private const double Megabyte = 1e6;

    private static readonly Dictionary<string, Func<TrainingSettings, TrainingSettings>> Ways = new(StringComparer.Ordinal)
    {
        ["plain"] = settings => settings,
        ["accumulation-2"] = settings => settings with { GradientAccumulation = 2 },
        ["recomputed layers"] = settings => settings with { ActivationCheckpointing = true },
        ["recomputed, accumulation-2"] = settings => settings with { ActivationCheckpointing = true, GradientAccumulation = 2 },
        ["accumulation-4"] = settings => settings with { GradientAccumulation = 4 },
    };

    /// <summary>Measures every way, each in its own process.</summary>
    /// <param name="data">The folder of GLUE's tasks.</param>
    /// <param name="task">The task's name.</param>
    public static int RunAll(string data, string task)
    {
        Console.WriteLine($"{task}: {Rows} rows at batch {BatchSize}, {ScoredRows} rows scored; peaks in MB");
        Console.WriteLine($"{"way",-26} {"first step",10} {"training",9} {"all",6} {"processor s",12} {"scoring ms/row",15} {"score",6}");
        foreach (var way in Ways.Keys)
        {
            using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["task", data, task, way]))!;
            process.WaitForExit();
            if (process.ExitCode != 0) return process.ExitCode;
        }
        return 0;
    }

    /// <summary>Measures one way in this process.</summary>
    /// <param name="data">The folder of GLUE's tasks.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="way">The name of the way.</param>
    public static void Run(string data, string task, string way)
    {
        var settings = Ways[way](new() { BatchSize = BatchSize, Epochs = 1, TrainLimit = Rows, ValidationLimit = ScoredRows, Precision = Precision.BFloat16, Threads = 1 });
        using var tuner = new FineTuner(new("minilm-l6") { Settings = settings, Data = data });
        var plan = tuner.Size(Design.Uniform(new("lora"), tuner.Shape.Layers.Count), Budget.Parse("0.5%"));
        var peaks = new Peaks();
        var result = tuner.Run(new(plan, task, 1), peaks);
        if (result.Failure is not null) throw new InvalidOperationException(result.Failure);
        Console.WriteLine($"{way,-26} {peaks.First / Megabyte,10:F0} {peaks.Last / Megabyte,9:F0} {ResidentMemory.Peak / Megabyte,6:F0} "
            + $"{Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds,12:F1} {result.Speed!.MillisecondsPerRow,15:F2} {result.Score,6:F2}");
    }

    // a Progress would report later, on another thread
    private sealed class Peaks : IProgress<TrainingProgress>
    {
        public long First { get; private set; }

        public long Last { get; private set; }

        public void Report(TrainingProgress value)
        {
            Last = ResidentMemory.Peak;
            if (First == 0) First = Last;
        }
    }
}
