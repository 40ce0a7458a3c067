using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.WarmStarts;

/// <summary>What an earlier search on another task is worth, in simulated searches with other effects each.</summary>
public sealed class WarmStartSimulationTests(ITestOutputHelper output)
{
    private const int Searches = 200;

    [Theory(Explicit = true)]
    [InlineData(0.9, 0.4)]
    [InlineData(0.6, 0.1)]
    [InlineData(0, -0.25)]
    [InlineData(-0.9, -0.25)]
    public void A_search_finds_better_designs_by_a_similar_task_and_loses_nothing_by_another(double correlation, double least)
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

    [Fact(Explicit = true)]
    public void A_similar_task_halves_the_cost_of_a_search_as_good()
    {
        const int searches = 120;
        var (cold, warm, coldEpochs, warmEpochs) = (0.0, 0.0, 0, 0);
        for (var seed = 1; seed <= searches; seed++)
        {
            var first = SimulatedSearch.Problem("joint", 1000 + seed, samples: 30);
            var before = new SmoothLandscape(1000 + seed, first.Space.Layers, noise: 1.5);
            var landscape = new SmoothLandscape(seed, first.Space.Layers, noise: 1.5) { Like = (before, 0.9) };
            var whole = SimulatedSearch.Run(SimulatedSearch.Problem("joint", seed, samples: 40), landscape.Score);
            var problem = SimulatedSearch.Problem("joint", seed, samples: 20);
            var half = SimulatedSearch.Run(problem with { Earlier = [EarlierSearches.Of(problem, first, before)] }, landscape.Score);
            (cold, warm) = (cold + (landscape.Truth(whole.FoundPlan) / searches), warm + (landscape.Truth(half.FoundPlan) / searches));
            (coldEpochs, warmEpochs) = (coldEpochs + whole.Trials.Sum(trial => trial.Spec.Key.Epochs), warmEpochs + half.Trials.Sum(trial => trial.Spec.Key.Epochs));
        }

        output.WriteLine($"{warm:F2} at {warmEpochs / searches} epochs, {cold:F2} without at {coldEpochs / searches}");
        Assert.True(warm > cold - 0.1 && warmEpochs < 0.6 * coldEpochs, $"{warm:F2}, {cold:F2}");
    }
}
