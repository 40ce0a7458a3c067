using Spindle.Data.Batching;
using Spindle.Data.Tasks;

namespace Spindle.Data.Tests.Batching;

public sealed class SelectionSplitTests
{
    [Fact]
    public void Every_row_is_on_one_side_and_every_class_has_its_share() =>
        Gen.Select(Gen.Int[0, 3].Array[20, 200], Gen.Double[0.05, 0.5], Gen.Int[0, 1000]).Sample((labels, share, seed) =>
        {
            var split = SelectionSplit.Of([.. labels.Select(label => (double)label)], TaskKind.Classification, share, seed);
            Assert.Equal(Enumerable.Range(0, labels.Length), split.Training.Concat(split.Selection).Order());
            Assert.InRange(split.Selection.Count, share * labels.Length - 1, share * labels.Length + 1);
            for (var label = 0; label <= 3; label++)
            {
                var rows = labels.Count(other => other == label);
                Assert.InRange(split.Selection.Count(row => labels[row] == label), share * rows - 1, share * rows + 1);
            }
        });

    [Fact]
    public void Values_are_spread_over_their_range()
    {
        double[] values = [.. Enumerable.Range(0, 500).Select(row => row / 499.0 * 5)];
        var split = SelectionSplit.Of(values, TaskKind.Regression, 0.2, 7);
        Assert.Equal(100, split.Selection.Count);
        for (var bin = 0; bin < 5; bin++) Assert.InRange(split.Selection.Count(row => (int)Math.Min(4, values[row]) == bin), 18, 22);
    }

    [Fact]
    public void The_seed_decides_which_rows_select()
    {
        var labels = new double[100];
        Assert.Equal(SelectionSplit.Of(labels, TaskKind.Classification, 0.2, 1).Selection, SelectionSplit.Of(labels, TaskKind.Classification, 0.2, 1).Selection);
        Assert.NotEqual(SelectionSplit.Of(labels, TaskKind.Classification, 0.2, 1).Selection, SelectionSplit.Of(labels, TaskKind.Classification, 0.2, 2).Selection);
        Assert.Equal(20, SelectionSplit.Of([.. Enumerable.Repeat(double.NaN, 100)], TaskKind.TextToText, 0.2, 1).Selection.Count);
    }

    [Fact]
    public void Too_few_rows_are_refused() =>
        Assert.Contains("too few", Assert.Throws<InvalidDataException>(() => SelectionSplit.Of([0, 1], TaskKind.Classification, 0.05, 1)).Message, StringComparison.Ordinal);
}
