using Spindle.Data.Batching;

namespace Spindle.Data.Tests.Batching;

/// <summary>The batches of an epoch.</summary>
public class BatchPlanTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 1000).Select(row => row * 7919 % 120 + 3)];

    [Fact]
    public void Every_row_is_in_one_batch_and_only_one_batch_is_short() =>
        Gen.Select(Gen.Int[1, 100].Array[0, 300], Gen.Int[1, 40], Gen.Int, Gen.Int[0, 9]).Sample((lengths, size, seed, epoch) =>
        {
            var batches = BatchPlan.Train(lengths, size, seed, epoch);
            Assert.Equal(Enumerable.Range(0, lengths.Length), batches.SelectMany(batch => batch).Order());
            Assert.All(batches, batch => Assert.InRange(batch.Count, 1, size));
            Assert.Equal((lengths.Length + size - 1) / size, batches.Count);
        });

    [Fact]
    public void The_same_seed_and_epoch_give_the_same_batches_and_others_give_others()
    {
        Assert.Equal(BatchPlan.Train(Lengths, 16, 42, 1), BatchPlan.Train(Lengths, 16, 42, 1));
        Assert.NotEqual(BatchPlan.Train(Lengths, 16, 42, 1), BatchPlan.Train(Lengths, 16, 42, 2));
        Assert.NotEqual(BatchPlan.Train(Lengths, 16, 42, 1), BatchPlan.Train(Lengths, 16, 43, 1));
    }

    [Fact]
    public void Rows_of_like_length_stand_together()
    {
        static double Padded(IEnumerable<IEnumerable<int>> batches) => batches.Sum(batch => batch.Max(row => Lengths[row]) * batch.Count());
        var shuffled = Enumerable.Range(0, Lengths.Length).ToArray();
        new Random(1).Shuffle(shuffled);
        double tokens = Lengths.Sum();
        Assert.InRange(Padded(BatchPlan.Train(Lengths, 16, 42, 0)) / tokens, 1, 1.15);
        Assert.True(Padded(shuffled.Chunk(16)) / tokens > 1.5);
    }

    [Fact]
    public void Short_rows_do_not_come_first()
    {
        // over many epochs, an early batch is as long as a late one
        double[] means = [.. Enumerable.Range(0, 200).Select(epoch => BatchPlan.Train(Lengths, 16, 7, epoch)[0].Average(row => Lengths[row]))];
        Assert.InRange(means.Average() / Lengths.Average(), 0.9, 1.1);
    }

    [Fact]
    public void Every_row_is_in_one_bucketed_batch_and_only_a_single_row_exceeds_the_tokens() =>
        Gen.Select(Gen.Int[1, 100].Array[0, 300], Gen.Int[1, 900], Gen.Int, Gen.Int[0, 9]).Sample((lengths, tokens, seed, epoch) =>
        {
            var batches = BatchPlan.Bucketed(lengths, tokens, seed, epoch);
            Assert.Equal(Enumerable.Range(0, lengths.Length), batches.SelectMany(batch => batch).Order());
            Assert.All(batches, batch => Assert.True(batch.Count == 1 || batch.Count * batch.Max(row => lengths[row]) <= tokens));
            Assert.Equal(batches, BatchPlan.Bucketed(lengths, tokens, seed, epoch));
        });

    [Fact]
    public void Bucketed_batches_have_another_order_in_each_epoch_and_are_almost_full()
    {
        var batches = BatchPlan.Bucketed(Lengths, 1024, 42, 0);
        Assert.NotEqual(batches, BatchPlan.Bucketed(Lengths, 1024, 42, 1));
        Assert.NotEqual(batches, BatchPlan.Bucketed(Lengths, 1024, 43, 0));
        Assert.InRange((double)Lengths.Sum() / (batches.Count * 1024), 0.75, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchPlan.Bucketed(Lengths, 0, 1, 0));
    }

    [Fact]
    public void A_batch_may_be_larger_than_all_rows()
    {
        Assert.Equal(1000, BatchPlan.Train(Lengths, int.MaxValue, 1, 0).Single().Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchPlan.Train(Lengths, 0, 1, 0));
    }
}
