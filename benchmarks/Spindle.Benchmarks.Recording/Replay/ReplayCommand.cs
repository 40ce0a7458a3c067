using Spindle.Benchmarks.Recording.Candidates;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Models.Backbones;
using Spindle.Search.Studies;

namespace Spindle.Benchmarks.Recording.Replay;

/// <summary>Compares policies by many replayed searches.</summary>
internal static class ReplayCommand
{
    /// <summary>Prints a table in Markdown: a row for each policy and cost; and another one of searches that start from a search on the other task.</summary>
    /// <param name="recorded">The recorded trials.</param>
    /// <param name="rows">The expected answers of the scored rows.</param>
    /// <param name="half">The half to search on.</param>
    /// <param name="searches">The searches of each row, with the seeds from 1 on.</param>
    /// <param name="selecting">The rows of each task that select.</param>
    /// <exception cref="InvalidDataException">Too little is recorded.</exception>
    public static void Run(IReadOnlyList<RecordedTrial> recorded, ScoredRows rows, string half, int searches, int selecting)
    {
        var problem = Problem();
        if (selecting >= rows[RecordedStudy.Tasks[0]].Count) throw new InvalidDataException(FormattableString.Invariant($"{selecting} rows cannot select: {rows[RecordedStudy.Tasks[0]].Count} are recorded, and the others report"));
        var table = new ReplayTable(recorded, rows, half, problem) { SelectionRows = selecting };
        Console.WriteLine(FormattableString.Invariant($"{searches} searches each on {string.Join(" and ", table.Tasks)}: {table.Candidates.Count} candidates, the best strategy alone is {table.BestPlain.First.Name} at {table.BestPlain.First.Rate} ({table.BestPlain.Truth:F2}), the best of all {table.Best.First.Name} at {table.Best.First.Rate} ({table.Best.Truth:F2}); {selecting} rows select"));
        Console.WriteLine();
        Console.WriteLine("| policy | cost | example passes | trials | true score | standard error | ahead of the best strategy alone | below the best strategy alone | recorded designs | ms a search |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var contestant in Contestant.All)
        {
            var before = Environment.CpuUsage.TotalTime;
            ReplayedSearch[] results = [.. Enumerable.Range(1, searches).AsParallel().AsOrdered().Select(seed => ReplayedSearch.Run(table, contestant.Problem(problem, table, seed)))];
            var mean = results.Average(result => result.Truth);
            var error = Math.Sqrt(results.Sum(result => Math.Pow(result.Truth - mean, 2)) / Math.Max(1, searches - 1) / searches);
            Console.WriteLine(FormattableString.Invariant(
                $"| {contestant.Name} | {contestant.Cost} | {results.Average(result => result.Examples):F0} | {results.Average(result => result.Trials):F0} | {mean:F2} | {error:F2} | {results.Average(result => result.Truth - result.Plain):+0.00;-0.00} | {100.0 * results.Count(result => result.Truth < result.Plain) / searches:F1}% | {100.0 * results.Sum(result => result.Exact) / results.Sum(result => result.Trials):F0}% | {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds / searches:F1} |"));
        }

        Console.WriteLine();
        new WarmReplay(WarmReplay.Tables(recorded, rows, half, problem, selecting), problem).Print(searches);
    }

    /// <summary>The recorded problem on the shape of its backbone, whose weights are not read.</summary>
    public static SearchProblem Problem()
    {
        using var outline = BackboneCatalogue.Outline(RecordedStudy.Backbone, new());
        return RecordedStudy.Problem(outline.Shape, RecordedStudy.Strategies.Costs);
    }
}
