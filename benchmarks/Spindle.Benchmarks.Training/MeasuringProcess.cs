using System.Diagnostics;
using System.Globalization;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using static TorchSharp.torch;

namespace Spindle.Benchmarks.Training;

/// <summary>A process that measures cases when it is asked to. Two builds can so be measured in turn within one run.</summary>
internal sealed class MeasuringProcess : IDisposable
{
    private const double Seconds = 1.5;

    private readonly Process process;

    /// <summary>Starts a build of this program.</summary>
    /// <param name="program">Its executable.</param>
    /// <param name="data">The folder of GLUE's tasks.</param>
    /// <param name="type">The type of the frozen matrices.</param>
    public MeasuringProcess(string program, string data, string type) => process = Process.Start(
        new ProcessStartInfo(program, ["measure", data, type]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Measures a case.</summary>
    /// <returns>Rows trained on and rows scored in a second of processor time, and the process's largest memory in MB.</returns>
    public (double Trained, double Scored, double Memory) Measure(Case one)
    {
        process.StandardInput.WriteLine(one);
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the measuring process has ended");
        return answer.Split(' ') is [var trained, var scored, var memory] ? (double.Parse(trained), double.Parse(scored), double.Parse(memory)) : throw new InvalidOperationException(answer);
    }

    /// <summary>Answers questions on the standard input until it ends.</summary>
    /// <param name="data">The folder of GLUE's tasks.</param>
    /// <param name="type">The type of the frozen matrices.</param>
    public static void Serve(string data, ScalarType type)
    {
        IBackbone? backbone = null;
        string? loaded = null;
        var known = new Dictionary<Case, EncodedTask>();
        while (Console.ReadLine() is { } line)
        {
            var one = Case.Parse(line);
            if (loaded != one.Backbone)
            {
                backbone?.Dispose();
                (backbone, loaded) = (Load(one.Backbone, type), one.Backbone);
            }
            if (!known.TryGetValue(one, out var task)) known.Add(one, task = one.Rows(data, (int?)(backbone as ISequenceToSequence)?.Tokens.End));
            using var model = Throughput.Attach(backbone!, "lora", task.Train[0].Second is not null);
            var objective = new LabelObjective(LabelLogits.Of(task.Task), paddingId: 0);
            var trainer = new Trainer(new TrainingSettings { BatchSize = one.Batch, GradientClipping = 1 }, objective, paddingId: 0);
            var trained = Rate(() => trainer.Train(model, task, new(1, 1e-5, 1), null, default), task.Train.Count);
            var scored = Rate(() => objective.Logits(model, task.Train, default), task.Train.Count);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trained:F2} {scored:F2} {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0}"));
        }
        backbone?.Dispose();
    }

    private static IBackbone Load(string name, ScalarType type)
    {
        if (name == Case.Embedded) return BackboneCatalogue.Load(BackboneFolder.Locate(name), new() { FrozenType = type });
        var folder = RealConfigurations.Write(name);
        var backbone = BackboneCatalogue.Initialise(folder.FullName, new() { FrozenType = type }, seed: 1);
        folder.Delete(recursive: true);
        return backbone;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    // processor time: another program on the same core changes nothing but the caches
    private static double Rate(Action work, int rows)
    {
        work();
        var (done, start) = (0, Now());
        do
        {
            work();
            done += rows;
        }
        while ((Now() - start).TotalSeconds < Seconds);
        return done / (Now() - start).TotalSeconds;
    }

    private static TimeSpan Now() => Process.GetCurrentProcess().TotalProcessorTime;
}
