namespace Spindle.Data.Batching;

/// <summary>Draws rows at random.</summary>
public static class RowSample
{
    /// <summary>Draws rows without replacement, in their original order; all of them where there are fewer.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="limit">How many to draw, at least 1.</param>
    /// <param name="seed">The seed of the draw.</param>
    public static IReadOnlyList<T> Draw<T>(IReadOnlyList<T> rows, int limit, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (limit >= rows.Count) return rows;
        int[] indices = [.. Enumerable.Range(0, rows.Count)];
        new Random(seed).Shuffle(indices);
        return [.. indices.Take(limit).Order().Select(index => rows[index])];
    }
}
