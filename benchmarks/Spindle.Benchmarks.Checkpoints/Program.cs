using System.Diagnostics;
using System.Globalization;
using Spindle.Benchmarks;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using TorchSharp;

// `load FOLDER TYPE` is a separate process, so that its peak is the loading's; without arguments the file is made and the processes are started
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["load", var folder, var type])
{
    torch.zeros(1).Dispose();
    var file = new FileInfo(Path.Combine(folder, "model.safetensors"));
    var before = ResidentMemory.Now;
    var clock = Stopwatch.StartNew();
    using var loaded = BackboneCatalogue.Load(folder, new() { FrozenType = Enum.Parse<torch.ScalarType>(type) });
    var seconds = clock.Elapsed.TotalSeconds;
    var own = loaded.Weights.Sum(weight => weight.Frozen.numel() * weight.Frozen.element_size());
    Console.WriteLine($"{type,-9} {file.Length / 1e6,8:F0} {own / 1e6,10:F0} {seconds,8:F2} {(ResidentMemory.Peak - before) / 1e6,8:F0} {(double)(ResidentMemory.Peak - before) / own,6:F2}");
    return 0;
}
var name = args is [var wanted] ? wanted : "roberta-base";
var made = RealConfigurations.Write(name);
try
{
    using (var random = BackboneCatalogue.Initialise(made.FullName, new(), seed: 1))
        SafetensorsWriter.Write(Path.Combine(made.FullName, "model.safetensors"), [.. random.Weights.Select(weight => (weight.Name, weight.Frozen))], new Dictionary<string, string>());
    File.ReadAllBytes(Path.Combine(made.FullName, "model.safetensors")); // into the page cache
    Console.WriteLine($"{name}, random weights in float32, loaded from the page cache; peak: what the process held at most beyond what it held before");
    Console.WriteLine($"{"type",-9} {"file MB",8} {"weights MB",10} {"seconds",8} {"peak MB",8} {"ratio",6}");
    foreach (var asked in (string[])["Float32", "Float32", "Float32", "BFloat16", "BFloat16"])
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["load", made.FullName, asked]))!;
        process.WaitForExit();
        if (process.ExitCode != 0) return process.ExitCode;
    }
    return 0;
}
finally
{
    made.Delete(recursive: true);
}
