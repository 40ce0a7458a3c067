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

    /// <summary>The batches of one epoch, as many rows of like length each as a number of tokens holds; every row is in one of them.</summary>
    /// <param name="lengths">The length of each row in tokens.</param>
    /// <param name="tokens">The largest number of tokens of a batch, padding included, at least 1; a longer row is alone in its batch.</param>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="epoch">The zero-based epoch: each has a different order.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Bucketed(IReadOnlyList<int> lengths, int tokens, int seed, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        var random = new Random(unchecked(seed * 1_000_003 + epoch));
        int[] rows = [.. Enumerable.Range(0, lengths.Count)];
        random.Shuffle(rows);
        IReadOnlyList<int>[] batches = [.. Pools().SelectMany(pool => Fill(pool.OrderBy(row => lengths[row])))];
        random.Shuffle(batches);
        return batches;

        // in random order, of about as many tokens as the batches of a pool have
        IEnumerable<List<int>> Pools()
        {
            var (pool, sum) = (new List<int>(), 0L);
            foreach (var row in rows)
            {
                pool.Add(row);
                sum += lengths[row];
                if (sum < (long)tokens * BatchesPerPool) continue;
                yield return pool;
                (pool, sum) = ([], 0);
            }
            if (pool.Count > 0) yield return pool;
        }

        // the longest row of a batch is its last one
        IEnumerable<IReadOnlyList<int>> Fill(IEnumerable<int> sorted)
        {
            var batch = new List<int>();
            foreach (var row in sorted)
            {
                if (batch.Count > 0 && (batch.Count + 1L) * lengths[row] > tokens)
                {
                    yield return batch;
                    batch = [];
                }
                batch.Add(row);
            }
            if (batch.Count > 0) yield return batch;
        }
    }
}
