using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.WarmStarts;

/// <summary>What an earlier search on another task is worth, in simulated searches with other effects each.</summary>
public sealed class WarmStartSimulationTests(ITestOutputHelper output)
{
    private const int Searches = 200;

    // another task costs what the half of the draws that it chooses would have found
    private const double MostLost = 0.5;

    [Theory(Explicit = true)]
    [InlineData(0.9, 0.4)]
    [InlineData(0.6, 0.1)]
    [InlineData(0, -0.25)]
    [InlineData(-0.9, -MostLost)]
    public void A_search_finds_better_designs_by_a_similar_task_and_loses_little_by_another(double correlation, double least)
    {
        var differences = new List<double>();
        for (var seed = 1; seed <= Searches; seed++)
        {
            var first = SimulatedSearch.Problem("joint", 1000 + seed, samples: 30);
            var before = new SmoothLandscape(1000 + seed, first.Space.Layers, noise: 1.5);
            var problem = SimulatedSearch.Problem("joint", seed, samples: 10);
            var landscape = new SmoothLandscape(seed, problem.Space.Layers, noise: 1.5) { Like = (before, correlation) };
            var warm = SimulatedSearch.Run(problem with { Earlier = [EarlierSearches.Of(problem, first, before)] }, landscape.Score);
            differences.Add(landscape.Truth(warm.FoundPlan) - landscape.Truth(SimulatedSearch.Run(problem, landscape.Score).FoundPlan));
        }

        var mean = differences.Average();
        var error = Math.Sqrt(differences.Sum(difference => (difference - mean) * (difference - mean)) / (Searches - 1) / Searches);
        output.WriteLine($"effects correlate by {correlation}: the found design is {mean:F2} ± {error:F2} points better");
        Assert.True(mean > least, $"{mean:F2} ± {error:F2}");
    }
}
