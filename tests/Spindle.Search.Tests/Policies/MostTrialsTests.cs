using Spindle.Search.Policies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Policies;

public class MostTrialsTests
{
    [Theory]
    [InlineData("exhaustive")]
    [InlineData("successive-halving")]
    [InlineData("joint")]
    [InlineData("staged")]
    [InlineData("comparison")]
    public void A_search_with_more_trials_than_a_store_should_hold_is_refused_at_once(string policy)
    {
        var study = SyntheticStudy.Of();
        foreach (var search in new[] { study.Search with { Policy = policy, SamplesPerOption = 1_000_000 }, study.Search with { Policy = policy, FinalSeeds = 1_000_000 } })
        {
            var problem = SyntheticStudy.Problem(study with { Search = search });
            var refused = Assert.Throws<InvalidDataException>(() => MostTrials.Require(problem, SearchPolicies.Create(problem)));
            Assert.Contains("and a search may have 500,000; lower 'samples-per-option' or 'final-seeds'", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_protocol_of_the_paper_is_far_below_the_limit()
    {
        var study = SyntheticStudy.Of();
        var problem = SyntheticStudy.Problem(study with { Search = study.Search with { SamplesPerOption = 100, FinalSeeds = 5 } });
        MostTrials.Require(problem, SearchPolicies.Create(problem));
    }

    [Fact]
    public void Each_setting_may_be_small_while_their_product_is_refused()
    {
        var study = SyntheticStudy.Of();
        var problem = SyntheticStudy.Problem(study with { Search = study.Search with { SamplesPerOption = 100_000 } });
        Assert.Throws<InvalidDataException>(() => MostTrials.Require(problem, SearchPolicies.Create(problem)));
    }
}
