using Spindle.Designs.Strategies;
using Spindle.Tests.Costs;

namespace Spindle.Designs.Tests.Strategies;

public class StrategyCostsTests
{
    [Fact]
    public void An_unknown_strategy_is_refused_with_the_nearest()
    {
        var wrong = Assert.Throws<ArgumentException>(() => TestCosts.All["adaptor"]);
        Assert.Contains("did you mean 'adapter'?", wrong.Message);
    }

    [Fact]
    public void A_strategy_of_the_same_name_takes_the_place_of_the_former()
    {
        var (former, other) = (TestCosts.All["adapter"], new TestCosts.Cost("adapter", null, _ => 1, (_, _) => 1));
        var costs = TestCosts.All.With(other);
        Assert.Equal(["adapter", "bitfit", "lora", "prefix"], costs.Names);
        Assert.Same(other, costs["adapter"]);
        Assert.Same(former, TestCosts.All["adapter"]);
        Assert.Same(other, StrategyCosts.Of(former, other)["adapter"]);
    }
}
