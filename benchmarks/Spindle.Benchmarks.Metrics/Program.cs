using System.Diagnostics;
using Spindle.Data.Tasks.Texts;
using Spindle.Metrics;
using Spindle.Metrics.Paired;

// seconds, by the clock and of the processor, to score 2,000 pairs (or all there are): a text of the data against the next one's, from the folder of the data (../shared/data by default);
// then to compare two models on those rows by 1,000 draws of a bootstrap
const int Pairs = 2000;
const int Draws = 1000;
var data = args.Length > 0 ? args[0] : Path.Combine("..", "shared", "data");
using var process = Process.GetCurrentProcess();
foreach (var task in (string[])["xsum", "wmt16/en-ro"])
{
    var texts = new TextTaskFamily().LoadTest(task, data)!.Examples.Concat(new TextTaskFamily().Load(task, data).Train.Examples).Select(row => row.Target!).Take(Pairs + 1).ToArray();
    string[] references = [.. texts.Take(texts.Length - 1)], written = [.. texts.Skip(1)];
    Console.WriteLine($"{task}: {written.Length} pairs, {written.Average(text => text.Length):F0} characters each");
    foreach (var metric in TextMetricCatalogue.Names)
    {
        TextMetricCatalogue.Compute(metric, references[..20], written[..20]);
        var (clock, before) = (Stopwatch.StartNew(), Processor());
        var value = TextMetricCatalogue.Compute(metric, references, written);
        var (scored, work) = (clock.Elapsed.TotalSeconds, Processor() - before);
        clock.Restart();
        new PairedRows(PairedSet.Of(references, [(written, [.. written.Reverse()])], [(wanted, texts) => TextMetricCatalogue.Pairs(metric, wanted, texts)])).Bootstrap(Draws);
        Console.WriteLine($"  {metric,-16} {scored,6:F2} s  {work,6:F2} s of the processor  ({value:F4});  {clock.Elapsed.TotalSeconds,6:F2} s for {Draws} draws");
    }
}

double Processor()
{
    process.Refresh();
    return process.TotalProcessorTime.TotalSeconds;
}
