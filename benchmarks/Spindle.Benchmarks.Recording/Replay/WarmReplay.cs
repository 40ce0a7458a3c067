using System.Collections.Concurrent;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Search.Policies;
using Spindle.Search.Studies;

namespace Spindle.Benchmarks.Recording.Replay;

/// <summary>What it is worth to start a search on one task of a half from a search on the other.</summary>
/// <param name="tables">The tables of the tasks.</param>
/// <param name="recorded">The recorded problem.</param>
internal sealed class WarmReplay(IReadOnlyList<ReplayTable> tables, SearchProblem recorded)
{
    // fitting a model to an earlier search takes longer than the other policies together
    private const int MostSearches = 200;
    private const int EarlierSearches = 20;

    // the search on the other task
    private static readonly Contestant First = Contestant.All.Last(contestant => contestant is { Search: { Policy: JointPolicy.PolicyName, Limit.IsLimited: false } });

    // by the task and the number of the search
    private readonly ConcurrentDictionary<(int Task, int Number), EarlierStudy> earlier = [];

    /// <summary>The policies that are compared with and without an earlier search.</summary>
    public static IEnumerable<Contestant> Contestants => Contestant.All.Where(contestant => contestant is { Search: { Policy: JointPolicy.PolicyName, Limit.IsLimited: false } });

    /// <summary>The tables of the single tasks of a half.</summary>
    /// <param name="recorded">The recorded trials.</param>
    /// <param name="rows">The expected answers of the scored rows.</param>
    /// <param name="half">The half.</param>
    /// <param name="problem">The recorded problem.</param>
    /// <param name="selecting">The rows of each task that select.</param>
    /// <exception cref="InvalidDataException">Too little is recorded.</exception>
    public static IReadOnlyList<ReplayTable> Tables(IReadOnlyList<RecordedTrial> recorded, ScoredRows rows, string half, SearchProblem problem, int selecting = ReplayTable.DefaultSelectionRows) =>
        [.. new ReplayTable(recorded, rows, half, problem).Tasks.Select(task => new ReplayTable(recorded, rows, half, problem, task) { SelectionRows = selecting })];

    /// <summary>A search on each task in turn, by its seed.</summary>
    /// <param name="contestant">The policy and what it may spend.</param>
    /// <param name="isWarm">Whether it starts from one of several searches on the task before.</param>
    /// <param name="seed">The seed.</param>
    public ReplayedSearch Run(Contestant contestant, bool isWarm, int seed)
    {
        var table = tables[seed % tables.Count];
        var problem = contestant.Problem(recorded, table, seed);
        return ReplayedSearch.Run(table, isWarm ? problem with { Earlier = [earlier.GetOrAdd(((seed + tables.Count - 1) % tables.Count, seed / tables.Count % EarlierSearches), Search, problem)] } : problem);
    }

    private EarlierStudy Search((int Task, int Number) search, SearchProblem later) =>
        ReplayedSearch.Earlier(tables[search.Task], First.Problem(recorded, tables[search.Task], 1_000_000 + search.Number), later);

    /// <summary>Prints a table in Markdown: a row for each policy and cost, and how much better the same searches end that start from the other task.</summary>
    /// <param name="searches">The searches of each row, at most 200.</param>
    public void Print(int searches)
    {
        searches = Math.Min(searches, MostSearches);
        Console.WriteLine(FormattableString.Invariant($"{searches} searches each on {string.Join(" or ", tables.SelectMany(table => table.Tasks))} alone, and the same that start from a search on the other ({First.Cost}):"));
        Console.WriteLine();
        Console.WriteLine("| policy | cost | true score | true score, warm | difference | standard error |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: |");
        foreach (var contestant in Contestants)
        {
            (double Cold, double Warm)[] results = [.. Enumerable.Range(1, searches).AsParallel().AsOrdered().Select(seed => (Run(contestant, false, seed).Truth, Run(contestant, true, seed).Truth))];
            var difference = results.Average(result => result.Warm - result.Cold);
            var error = Math.Sqrt(results.Sum(result => Math.Pow(result.Warm - result.Cold - difference, 2)) / Math.Max(1, searches - 1) / searches);
            Console.WriteLine(FormattableString.Invariant($"| {contestant.Name} | {contestant.Cost} | {results.Average(result => result.Cold):F2} | {results.Average(result => result.Warm):F2} | {difference:+0.00;-0.00} | {error:F2} |"));
        }
    }
}
