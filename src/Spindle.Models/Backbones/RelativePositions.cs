using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>Buckets of the distance between query and key, as T5 has them: each short distance has one bucket, longer distances share buckets on a
/// logarithmic scale (Raffel et al. 2020, section 2.1).</summary>
/// <param name="buckets">The number of buckets.</param>
/// <param name="maximumDistance">The distance beyond which all share the last bucket.</param>
public sealed class RelativePositions(int buckets, int maximumDistance) : IDisposable
{
    /// <summary>The number of buckets.</summary>
    public int Buckets => buckets;

    // in buckets: 8 MB of them
    private const long MostKept = 1 << 20;

    private readonly Dictionary<(long Queries, long Keys, bool BothWays, long Moved), Tensor> kept = [];
    private long size;

    /// <summary>What is added to the scores of the last queries, <c>[1, heads, queries, keys]</c>.</summary>
    /// <param name="table">The bias of every head for each bucket, <c>[buckets, heads]</c>.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="keys">The number of keys.</param>
    /// <param name="bothWays">Whether a query attends to later keys.</param>
    /// <param name="moved">By how many positions the last query comes before the last key.</param>
    public Tensor Bias(WeightSlot table, long queries, long keys, bool bothWays, long moved = 0)
    {
        return table.Rows(BucketsOf(queries, keys, bothWays, moved, table.Frozen.device)).permute(2, 0, 1).unsqueeze(0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in kept.Values) tensor.Dispose();
        kept.Clear();
        size = 0;
    }

    // [queries, keys]: made and uploaded once for each length
    private Tensor BucketsOf(long queries, long keys, bool bothWays, long moved, Device device)
    {
        if (kept.TryGetValue((queries, keys, bothWays, moved), out var known) && known.device_type == device.type) return known;
        if (size + queries * keys > MostKept) Dispose();
        var ofDistance = new long[keys + queries - 1]; // from the distance of the last query and the first key to that of the first query and the last key
        for (var index = 0; index < ofDistance.Length; index++) ofDistance[index] = BucketOf(index - (keys - 1 - moved), bothWays);
        var numbers = new long[queries * keys];
        for (var query = 0; query < queries; query++) Array.Copy(ofDistance, queries - 1 - query, numbers, query * keys, keys);
        size += numbers.Length;
        // outside of inference mode, whose tensors a later step could not keep for its backward pass
        using var training = inference_mode(false);
        return kept[(queries, keys, bothWays, moved)] = tensor(numbers, [queries, keys], device: device).DetachFromDisposeScope();
    }

    private long BucketOf(long distance, bool bothWays)
    {
        var count = bothWays ? buckets / 2 : buckets;
        long first = bothWays && distance > 0 ? count : 0;
        var away = bothWays ? Math.Abs(distance) : Math.Max(0, -distance);
        var exact = count / 2;
        if (away < exact) return first + away;
        // in single precision, as the reference rounds
        var far = exact + (long)(MathF.Log((float)away / exact) / (float)Math.Log((double)maximumDistance / exact) * (count - exact));
        return first + Math.Min(far, count - 1);
    }
}
