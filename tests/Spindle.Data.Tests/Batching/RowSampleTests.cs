using Spindle.Data.Batching;

namespace Spindle.Data.Tests.Batching;

/// <summary>Rows drawn at random.</summary>
public class RowSampleTests
{
    [Fact]
    public void So_many_rows_are_drawn_once_each_and_in_order() => Gen.Select(Gen.Int[0, 200], Gen.Int[1, 250], Gen.Int).Sample((count, limit, seed) =>
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        var drawn = RowSample.Draw(rows, limit, seed);
        Assert.Equal(Math.Min(count, limit), drawn.Count);
        Assert.Equal(drawn.Order().Distinct(), drawn);
        Assert.All(drawn, row => Assert.InRange(row, 0, count - 1));
        Assert.Equal(drawn, RowSample.Draw(rows, limit, seed));
    });

    [Fact]
    public void Every_row_is_as_likely_as_another()
    {
        int[] rows = [.. Enumerable.Range(0, 10)];
        var drawn = Enumerable.Range(0, 5000).SelectMany(seed => RowSample.Draw(rows, 3, seed)).CountBy(row => row).ToDictionary();
        // 1,500 expected, standard deviation 32
        Assert.All(rows, row => Assert.InRange(drawn[row], 1350, 1650));
    }

    [Fact]
    public void A_limit_below_one_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => RowSample.Draw([1, 2], 0, 1));
}
