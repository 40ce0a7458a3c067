namespace Spindle.Data.Batching;

/// <summary>Which rows make up the batches of an epoch: in random order, yet of like length, so that little is padded.</summary>
public static class BatchPlan
{
    /// <summary>Batches whose rows are sorted together; larger pools pad less and shuffle less.</summary>
    private const int BatchesPerPool = 8;

    /// <summary>The batches of one epoch; every row is in one of them.</summary>
    /// <param name="lengths">The length of each row in tokens.</param>
    /// <param name="batchSize">Rows a batch, at least 1; the last batch may have fewer.</param>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="epoch">The zero-based epoch: each has a different order.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Train(IReadOnlyList<int> lengths, int batchSize, int seed, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var random = new Random(unchecked(seed * 1_000_003 + epoch));
        int[] rows = [.. Enumerable.Range(0, lengths.Count)];
        random.Shuffle(rows);
        var poolSize = (int)Math.Min((long)batchSize * BatchesPerPool, int.MaxValue);
        int[][] batches =
        [
            .. rows.Chunk(poolSize).SelectMany(pool => pool.OrderBy(row => lengths[row]).Chunk(batchSize)),
        ];
        random.Shuffle(batches);
        return batches;
    }
}
