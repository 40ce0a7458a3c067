using System.Globalization;
using Spindle.Benchmarks.Quality;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var name, ..] || !Table.All.TryGetValue(name, out var table))
{
    Console.Error.WriteLine($"""
        usage: Spindle.Benchmarks.Quality {string.Join('|', Table.All.Keys)} [RESULTS.jsonl [DATA [TASK,TASK…]]]
        Trains what the table needs on real GLUE and appends a line to RESULTS.jsonl for each model. Lines that are there already are not measured again.
        DATA is the folder of GLUE, ../shared/data/glue_data by default.
        """);
    return 2;
}

var results = new ResultFile(args.ElementAtOrDefault(1) ?? Path.Combine("benchmarks", "results", $"{name}.jsonl"));
var data = args.ElementAtOrDefault(2) ?? Path.Combine("..", "shared", "data", "glue_data");
var tasks = args.ElementAtOrDefault(3)?.Split(',');
Measurement[] wanted = [.. table.Where(measurement => tasks is null || tasks.Contains(measurement.Task))];
Console.WriteLine($"{wanted.Length} measurements, {wanted.Count(results.Holds)} of them in {results.Name}");
foreach (var measurement in wanted)
{
    if (results.Holds(measurement)) continue;
    var result = measurement.Run(data);
    results.Add(measurement, result);
    Console.WriteLine($"{measurement}: {result.Score:F2} in {result.Seconds:F0} s");
}
return 0;
