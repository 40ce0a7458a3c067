using System.Globalization;
using Spindle.Designs.Shapes;
using Spindle.Search.Stages;
using Spindle.Studies;
using Spindle.Training.Settings;

namespace Spindle;

/// <summary>Estimates the memory of a worker process, so that a machine is not asked for more workers than fit.</summary>
internal static class WorkerMemory
{
    // .NET and libtorch, before any weight
    private const long Program = 400L << 20;

    private const int Float32 = 4;
    private const int BFloat16 = 2;

    // of full fine-tuning: weights that are restored afterwards, a gradient and the two moments of AdamW
    private const int CopiesOfFullFineTuning = 4;

    // what is kept for the backward pass, over the outputs of the linear maps alone
    private const int KeptForBackward = 3;

    /// <summary>The bytes of one worker of a study.</summary>
    /// <param name="shape">The backbone.</param>
    /// <param name="study">The study, with its precision resolved.</param>
    public static long Estimate(BackboneShape shape, Study study)
    {
        var settings = study.Training;
        var weights = shape.Parameters * (settings.Precision == Precision.BFloat16 ? BFloat16 : Float32);
        // a backbone with another dropout is read before the other one goes
        if (study.Lists.Any(list => list is { Strategy: null, Name: "dropout" })) weights *= 2;
        var batch = study.Lists.Where(list => list is { Strategy: null, Name: "batch-size" }).SelectMany(list => list.Values)
            .Select(value => int.Parse(value, CultureInfo.InvariantCulture)).Append(settings.BatchSize).Max();
        if (settings.TokensPerBatch is { } tokens) batch = Math.Max(1, tokens / settings.MaxLength);
        if (study.Search.Baselines.Contains(FinalComparison.Full)) weights += shape.Parameters * Float32 * CopiesOfFullFineTuning;
        long[] ofBlocks = [.. shape.Layers.SelectMany(layer => layer.Blocks).Select(block => block.Linears.Sum(linear => (long)linear.OutputSize))];
        // one block at a time, and the states before each
        var outputs = settings.ActivationCheckpointing ? ofBlocks.Max() + shape.Layers.SelectMany(layer => layer.Blocks).Sum(block => (long)block.HiddenSize) : ofBlocks.Sum();
        return Program + weights + outputs * Float32 * KeptForBackward * ((batch + settings.GradientAccumulation - 1) / settings.GradientAccumulation) * settings.MaxLength;
    }

    /// <summary>The memory that is free on this machine, in bytes.</summary>
    public static long Free
    {
        get
        {
            var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            const string memory = "/proc/meminfo";
            if (!File.Exists(memory)) return limit;
            var line = File.ReadLines(memory).FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
            return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var text, ..] && long.TryParse(text, out var kilobytes) ? Math.Min(limit, kilobytes << 10) : limit;
        }
    }

    /// <summary>The number of workers that fit, and a sentence where they are fewer.</summary>
    /// <param name="wanted">The number of workers that are wanted.</param>
    /// <param name="each">The bytes of one of them.</param>
    /// <param name="free">The bytes that are free.</param>
    public static (int Workers, string? Warning) Fit(int wanted, long each, long free)
    {
        var fitting = (int)Math.Clamp(free / Math.Max(1, each), 1, wanted);
        return fitting == wanted ? (wanted, null)
            : (fitting, FormattableString.Invariant($"{wanted} workers of about {Gigabytes(each):0.0} GB each do not fit in the {Gigabytes(free):0.0} GB of memory that are free; {fitting} {(fitting == 1 ? "runs" : "run")}"));
    }

    private static double Gigabytes(long bytes) => bytes / 1e9;
}
