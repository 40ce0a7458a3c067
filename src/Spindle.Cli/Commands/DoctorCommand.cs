using System.CommandLine;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Spectre.Console;
using Spindle.Designs.Text;
using Spindle.Models.Devices;
using Spindle.Training.Settings;
using TorchSharp;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle doctor</c>: the machine's hardware and libraries, and what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Shows CPU features, threads, libtorch, devices and memory, and reports what is missing.");
        command.SetAction(_ => Examine());
        return command;
    }

    private static int Examine()
    {
        var missing = new List<string>();
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("what").AddColumn("is");
        void Row(string what, string value) => table.AddRow(Markup.Escape(what), Markup.Escape(value));

        Row("system", $"{System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}");
        Row("processor", Machine.Processor ?? "unknown");
        Row("features", Features());
        Row("cores", $"{Environment.ProcessorCount}");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        Row("memory", $"{memory:F1} GiB");
        if (memory < 3) missing.Add("memory: less than 3 GiB; a search on minilm-l6 needs up to 2 GiB per worker");

        try
        {
            Row("libtorch", $"{torch.__version__}, {torch.get_num_threads()} threads");
            var devices = ComputeDevices.OfMachine;
            Row("devices", string.Join(", ", devices.Gpus.Select(Text).Prepend("cpu")));
            Row("device: auto", devices.Gpus.Count > 0 ? $"cuda:0; a search uses {(devices.Gpus.Count == 1 ? "it" : "all GPUs")}" : $"cpu; no GPU: {devices.WhyNone}");
            Row("precision: auto", KebabCase.From(NativeBFloat16.Resolve(Precision.Auto, DeviceChoice.Auto)));
            var (single, half) = (ProductRate(torch.ScalarType.Float32), ProductRate(torch.ScalarType.BFloat16));
            Row("matrix products", $"{single:F0} GFLOP/s in float32, {half:F0} in bfloat16"
                + (half > 1.2 * single ? ": 'precision: bfloat16' is faster here" : ": 'precision: bfloat16' is not faster here"));
        }
        catch (Exception error) when (error is DllNotFoundException or NotSupportedException or TypeInitializationException)
        {
            missing.Add($"libtorch: {(error.InnerException ?? error).Message.ReplaceLineEndings(" ")}");
        }
        try
        {
            Row("embedded backbone", Models.Checkpoints.BackboneFolder.Locate(Models.Checkpoints.BackboneFolder.Default));
        }
        catch (Exception error) when (error is InvalidDataException or DirectoryNotFoundException)
        {
            missing.Add(error.Message);
        }

        AnsiConsole.Write(table);
        foreach (var line in missing) Console.Error.WriteLine($"missing: {line}");
        if (missing.Count == 0) Console.WriteLine("nothing is missing");
        return missing.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static string Text(GpuDevice gpu) => string.Create(CultureInfo.InvariantCulture,
        $"cuda:{gpu.Index}{(gpu.FreeMemory is { } free ? $" ({free / (1024.0 * 1024 * 1024):F1} GiB free)" : "")}");

    private static string Features()
    {
        const string information = "/proc/cpuinfo";
        var flags = File.Exists(information)
            ? File.ReadLines(information).FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ').ToHashSet() ?? []
            : [];
        var features = new List<string>();
        if (Avx2.IsSupported) features.Add("AVX2");
        if (Avx512F.IsSupported) features.Add("AVX-512");
        if (flags.Contains("avx512_bf16")) features.Add("AVX512-BF16");
        if (flags.Contains("amx_bf16")) features.Add("AMX-BF16");
        return features.Count == 0 ? "none that speeds up matrix products" : string.Join(", ", features);
    }

    private static double ProductRate(torch.ScalarType type)
    {
        const int size = 1024;
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var (left, right) = (torch.ones(size, size).to(type), torch.ones(size, size).to(type));
        left.matmul(right);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var products = 0;
        for (; clock.ElapsedMilliseconds < 300; products++) left.matmul(right).Dispose();
        return products * 2.0 * size * size * size / clock.Elapsed.TotalSeconds / 1e9;
    }
}
