using System.Diagnostics;
using System.Numerics;

namespace Spindle;

/// <summary>How many workers keep the processor busy. Two threads of one core do hardly more than one.</summary>
internal static class WorkerSpeed
{
    // what twice the workers must gain at least
    private const double Worthwhile = 1.05;

    // a vector in the first-level cache, long enough for the loop to cost nothing
    private const int Length = 2048;

    private static readonly TimeSpan Span = TimeSpan.FromMilliseconds(40);

    /// <summary>The fewest workers that are as fast together as the most.</summary>
    /// <param name="most">The most workers, at least 1.</param>
    /// <param name="rate">The work that a number of workers does in a second, all together.</param>
    public static int Useful(int most, Func<int, double> rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (most == 1) return 1;
        var (workers, fastest) = (most, rate(most));
        while (workers > 1)
        {
            var fewer = (workers + 1) / 2;
            var speed = rate(fewer);
            if (speed * Worthwhile < fastest) break;
            (workers, fastest) = (fewer, Math.Max(fastest, speed));
        }

        return workers;
    }

    /// <summary>Measures the multiplications that threads do in a second, all together.</summary>
    /// <param name="threads">The number of threads, at least 1.</param>
    public static double Measure(int threads)
    {
        var products = new long[threads];
        using var start = new Barrier(threads);
        Thread[] running = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            start.SignalAndWait();
            products[index] = Multiply();
        }) { IsBackground = true })];
        foreach (var thread in running) thread.Start();
        foreach (var thread in running) thread.Join();
        return products.Sum() / Span.TotalSeconds;
    }

    private static long Multiply()
    {
        var values = new float[Length];
        Array.Fill(values, 0.5f);
        var clock = Stopwatch.StartNew();
        var (products, factor) = (0L, new Vector<float>(0.5f));
        // independent sums, so that no multiplication waits for another
        var (first, second, third, fourth) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        while (clock.Elapsed < Span)
        {
            for (var at = 0; at <= Length - (4 * Vector<float>.Count); at += 4 * Vector<float>.Count)
            {
                first = Vector.FusedMultiplyAdd(new(values, at), factor, first);
                second = Vector.FusedMultiplyAdd(new(values, at + Vector<float>.Count), factor, second);
                third = Vector.FusedMultiplyAdd(new(values, at + (2 * Vector<float>.Count)), factor, third);
                fourth = Vector.FusedMultiplyAdd(new(values, at + (3 * Vector<float>.Count)), factor, fourth);
            }

            products += Length;
        }

        // read, so that the loop is not left out
        return Vector.Sum(first + second + third + fourth) >= 0 ? products : 0;
    }
}
