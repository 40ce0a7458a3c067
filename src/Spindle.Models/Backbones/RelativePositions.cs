using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Buckets of the distance between query and key, as T5 has them: each short distance has one bucket, longer distances share buckets on a
/// logarithmic scale (Raffel et al. 2020, section 2.1).</summary>
/// <param name="Buckets">The number of buckets.</param>
/// <param name="MaximumDistance">The distance beyond which all share the last bucket.</param>
public sealed record RelativePositions(int Buckets, int MaximumDistance)
{
    /// <summary>What is added to the scores of the last queries, <c>[1, heads, queries, keys]</c>.</summary>
    /// <param name="table">The bias of every head for each bucket, <c>[buckets, heads]</c>.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="keys">The number of keys.</param>
    /// <param name="bothWays">Whether a query attends to later keys.</param>
    /// <param name="moved">By how many positions the last query comes before the last key.</param>
    public Tensor Bias(WeightSlot table, long queries, long keys, bool bothWays, long moved = 0)
    {
        var ofDistance = new long[keys + queries - 1]; // from the distance of the last query and the first key to that of the first query and the last key
        for (var index = 0; index < ofDistance.Length; index++) ofDistance[index] = BucketOf(index - (keys - 1 - moved), bothWays);
        var buckets = new long[queries * keys];
        for (var query = 0; query < queries; query++) Array.Copy(ofDistance, queries - 1 - query, buckets, query * keys, keys);
        return table.Rows(tensor(buckets, [queries, keys], device: table.Frozen.device)).permute(2, 0, 1).unsqueeze(0);
    }

    private long BucketOf(long distance, bool bothWays)
    {
        var count = bothWays ? Buckets / 2 : Buckets;
        long first = bothWays && distance > 0 ? count : 0;
        var away = bothWays ? Math.Abs(distance) : Math.Max(0, -distance);
        var exact = count / 2;
        if (away < exact) return first + away;
        // in single precision, as the reference rounds
        var far = exact + (long)(MathF.Log((float)away / exact) / (float)Math.Log((double)MaximumDistance / exact) * (count - exact));
        return first + Math.Min(far, count - 1);
    }
}
