namespace Spindle.Benchmarks.Training;

/// <summary>Compares an older build of this program with this one, case by case and in turn.</summary>
internal static class Comparison
{
    /// <summary>Prints the median rates of each case and their geometric mean.</summary>
    /// <param name="old">The older build's executable.</param>
    /// <param name="data">The folder of GLUE's tasks.</param>
    /// <param name="type">The type of the frozen matrices.</param>
    /// <param name="rounds">How often each case is measured.</param>
    public static void Run(string old, string data, string type, int rounds)
    {
        using var before = new MeasuringProcess(old, data, type);
        using var after = new MeasuringProcess(Environment.ProcessPath!, data, type);
        Console.WriteLine($"LoRA, {type}, one thread, rows in a second of processor time");
        Console.WriteLine($"{"rows",-24} {"trained before",14} {"now",8} {"ratio",6} {"scored before",14} {"now",8} {"ratio",6}");
        var (trained, scored) = (new List<double>(), new List<double>());
        var (memoryBefore, memoryAfter) = (0.0, 0.0);
        foreach (var one in Case.All)
        {
            var pairs = Enumerable.Range(0, rounds).Select(_ => (Before: before.Measure(one), After: after.Measure(one))).ToArray();
            var (trainedBefore, trainedAfter) = (Median(pairs.Select(pair => pair.Before.Trained)), Median(pairs.Select(pair => pair.After.Trained)));
            var (scoredBefore, scoredAfter) = (Median(pairs.Select(pair => pair.Before.Scored)), Median(pairs.Select(pair => pair.After.Scored)));
            trained.Add(Median(pairs.Select(pair => pair.After.Trained / pair.Before.Trained)));
            scored.Add(Median(pairs.Select(pair => pair.After.Scored / pair.Before.Scored)));
            (memoryBefore, memoryAfter) = (pairs[^1].Before.Memory, pairs[^1].After.Memory);
            Console.WriteLine($"{one,-24} {trainedBefore,14:F1} {trainedAfter,8:F1} {trained[^1],6:F2} {scoredBefore,14:F1} {scoredAfter,8:F1} {scored[^1],6:F2}");
        }
        Console.WriteLine($"geometric mean of ratios: trained {Mean(trained):F2}, scored {Mean(scored):F2}; largest memory of all cases: {memoryBefore:F0} MB before, {memoryAfter:F0} MB now");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Mean(IReadOnlyList<double> ratios) => Math.Exp(ratios.Average(Math.Log));
}
