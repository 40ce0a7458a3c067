using System.Globalization;
using Spindle.Benchmarks.Training;
using TorchSharp;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["measure", var rows, "float32" or "bfloat16"])
{
    torch.set_num_threads(1);
    MeasuringProcess.Serve(rows, args[2] == "float32" ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16);
    return 0;
}
if (args is ["compare", var old, var data, "float32" or "bfloat16", ..])
{
    Comparison.Run(old, data, args[3], args.Length > 4 ? int.Parse(args[4]) : 3);
    return 0;
}
if (args is ["lanes", var rowsOf, "float32" or "bfloat16"])
{
    LaneComparison.Run(rowsOf, args[2]);
    return 0;
}
if (args is ["stage", var oldProgram, var oldStudy, var program, var study, ..])
{
    StageComparison.Run((oldProgram, oldStudy), (program, study), args.Length > 5 ? int.Parse(args[5]) : 2);
    return 0;
}
torch.ScalarType[] types = [torch.ScalarType.Float32, torch.ScalarType.BFloat16];
var threads = Environment.ProcessorCount;
if (args is not ([] or [_] or [_, "float32" or "bfloat16"]) || (args is [var text, ..] && (!int.TryParse(text, out threads) || threads < 1)))
{
    Console.Error.WriteLine("usage: Spindle.Benchmarks.Training [THREADS [float32|bfloat16]]\n"
        + "       Spindle.Benchmarks.Training compare OLD_PROGRAM GLUE_FOLDER float32|bfloat16 [ROUNDS]\n"
        + "       Spindle.Benchmarks.Training lanes GLUE_FOLDER float32|bfloat16\n"
        + "       Spindle.Benchmarks.Training stage OLD_SPINDLE OLD_STUDY SPINDLE STUDY [ROUNDS]");
    return 2;
}
if (args is [_, var precision]) types = [precision == "float32" ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16];
torch.set_num_threads(threads);
Console.WriteLine($"minilm-l6, {torch.get_num_threads()} threads; product: a 4096 x 768 x 3072 product beside each row; share: useful work over that rate");
Console.WriteLine($"{"way",-8} {"precision",-9} {"batch",5} {"length",6} {"trained/s",10} {"scored/s",9} {"product GFLOP/s",16} {"share",6}");
foreach (var (batch, length) in ((int, int)[])[(8, 16), (32, 32), (16, 128)])
    foreach (var type in types)
        foreach (var way in (string[])["lora", "adapter", "prefix", "bitfit", "full"])
            Console.WriteLine(Throughput.Measure(way, type, batch, length));
return 0;
