using Spindle.Search.Policies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Policies;

/// <summary>The error rates and the cost of races, over many simulated searches.</summary>
public class StagedPolicySimulationTests
{
    private const double Rate = 0.05;

    [Theory]
    [InlineData(6, 150)]
    [InlineData(20, 40)]
    public void In_at_most_one_of_twenty_searches_over_equal_options_is_a_choice_called_certain(int samples, int searches)
    {
        var certain = Enumerable.Range(0, searches).Count(search => Search(search, samples, effect: 0).Search.Stages.Any(stage => stage.Race?.Probability < Rate));
        Assert.InRange(certain, 0, Most(searches));
    }

    [Theory]
    [InlineData(6, 0.3, 150)]
    [InlineData(20, 1.0, 40)]
    public void In_at_most_one_of_twenty_searches_is_the_best_option_of_a_stage_dropped(int samples, double effect, int searches)
    {
        var (wrong, dropped) = (0, 0);
        for (var search = 0; search < searches; search++)
        {
            var (land, found) = Search(search, samples, effect);
            if (found.Stages.Any(stage => stage.Race is not null && stage.Options.MaxBy(option => land.Effect(stage.Name, option.Name))!.Dropped is not null)) wrong++;
            dropped += found.Stages.Sum(stage => stage.Options.Count(option => option.Dropped is not null));
        }

        Assert.InRange(wrong, 0, Most(searches));
        Assert.True(dropped > searches, "nothing was dropped");
    }

    [Theory]
    [InlineData(1.0, 0.5)]
    [InlineData(0.5, 1.0)]
    public void A_race_costs_at_most_half_of_the_exhaustive_search_and_finds_as_good_a_design(double effect, double noise)
    {
        const int Searches = 30;
        const int Samples = 16;
        double lost = 0, cost = 0, whole = 0;
        for (var search = 0; search < Searches; search++)
        {
            var (land, staged) = Search(search, Samples, effect, noise);
            var (_, exhaustive) = Search(search, Samples, effect, noise, ExhaustivePolicy.PolicyName);
            lost += (land.Truth(exhaustive.Found) - land.Truth(staged.Found)) / Searches;
            (cost, whole) = (cost + staged.Trials.Count, whole + exhaustive.Trials.Count);
        }

        TestContext.Current.SendDiagnosticMessage("effect {0}: {1:0.00} points lost at {2:0.00} of the cost", effect, lost, cost / whole);
        Assert.InRange(lost, -5, StageRace.Margin);
        Assert.InRange(cost / whole, 0, 0.5);
    }

    // a rule that is wrong in exactly one of twenty searches stays below this in 99 of 100 such tests
    private static int Most(int searches) => (int)((searches * Rate) + (2.33 * Math.Sqrt(searches * Rate * (1 - Rate))));

    private static (Landscape Land, SimulatedSearch Search) Search(int seed, int samples, double effect, double noise = 1, string policy = StagedPolicy.PolicyName)
    {
        var problem = SimulatedSearch.Problem(policy, seed, samples);
        var land = new Landscape(problem.Space, seed, effect, noise);
        return (land, SimulatedSearch.Run(problem, land.Score));
    }
}
