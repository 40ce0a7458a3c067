using Spindle.Models.Backbones;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

public class RelativePositionsTests
{
    [Fact]
    public void A_bias_that_is_asked_for_again_is_the_same_and_takes_the_tables_values_of_then()
    {
        using var scope = NewDisposeScope();
        using var relative = new RelativePositions(32, 128);
        using var table = new WeightSlot("table", rand(32, 4));
        foreach (var (queries, keys, bothWays, moved) in ((long, long, bool, long)[])[(5, 5, true, 0), (5, 7, true, 0), (5, 7, true, 2), (1, 7, false, 0), (5, 5, false, 0), (300, 300, true, 0)])
        {
            using var fresh = new RelativePositions(32, 128);
            var expected = fresh.Bias(table, queries, keys, bothWays, moved);
            Assert.True(relative.Bias(table, queries, keys, bothWays, moved).allclose(expected, 0, 0));
            Assert.True(relative.Bias(table, queries, keys, bothWays, moved).allclose(expected, 0, 0));
        }

        using (no_grad()) table.Frozen.mul_(2);
        using var again = new RelativePositions(32, 128);
        Assert.True(relative.Bias(table, 5, 5, true).allclose(again.Bias(table, 5, 5, true), 0, 0));
    }

    [Fact]
    public void A_length_that_was_first_seen_in_inference_can_be_trained_on()
    {
        using var scope = NewDisposeScope();
        using var relative = new RelativePositions(8, 16);
        using var table = new WeightSlot("table", rand(8, 2));
        using (inference_mode()) relative.Bias(table, 4, 4, true);
        table.Frozen.requires_grad_();
        relative.Bias(table, 4, 4, true).sum().backward();
        Assert.NotNull(table.Frozen.grad);
    }
}
