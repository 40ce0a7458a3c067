using System.Globalization;
using Spindle.Benchmarks.Training;
using TorchSharp;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [] and not [_] || (args is [var text] && (!int.TryParse(text, out var asked) || asked < 1)))
{
    Console.Error.WriteLine("usage: Spindle.Benchmarks.Training [THREADS]");
    return 2;
}
torch.set_num_threads(args is [var count] ? int.Parse(count) : Environment.ProcessorCount);
Console.WriteLine($"minilm-l6, {torch.get_num_threads()} threads; product: a 4096 x 768 x 3072 product beside each row; share: useful work over that rate");
Console.WriteLine($"{"way",-8} {"precision",-9} {"batch",5} {"length",6} {"trained/s",10} {"scored/s",9} {"product GFLOP/s",16} {"share",6}");
foreach (var (batch, length) in ((int, int)[])[(8, 16), (32, 32), (16, 128)])
    foreach (var type in (torch.ScalarType[])[torch.ScalarType.Float32, torch.ScalarType.BFloat16])
        foreach (var way in (string[])["lora", "adapter", "prefix", "bitfit", "full"])
            Console.WriteLine(Throughput.Of(way, type, batch, length));
return 0;
