using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Batches;

/// <summary>The batches of a pass without gradients: rows of similar length, and on a CPU so few tokens that scoring takes less memory than a training step.</summary>
internal static class PredictionBatches
{
    /// <summary>The most rows of a batch.</summary>
    public const int MostRows = 32;

    /// <summary>The most tokens of a batch that is scored; more of them are no faster.</summary>
    public const int Scored = 1024;

    /// <summary>The most source tokens of a batch whose texts are generated: every step reads all weights, which more rows share.</summary>
    public const int Generated = 4096;

    /// <summary>The batches of some rows, by index; every row is in one of them.</summary>
    /// <param name="rows">The rows. Their targets do not count.</param>
    /// <param name="device">The device that computes. On a GPU a batch is only limited by its rows.</param>
    /// <param name="mostRows">The most rows of a batch, at least 1.</param>
    /// <param name="mostTokens">The most tokens of a batch, padding and both sentences of a pair included; a longer row is alone in its batch.</param>
    public static IEnumerable<int[]> Of(IReadOnlyList<EncodedExample> rows, Device device, int mostRows, int mostTokens)
    {
        if (device.type != DeviceType.CPU) mostTokens = int.MaxValue;
        var (batch, first, second) = (new List<int>(), 0, 0); // the longest sentences of the batch
        foreach (var row in rows.Select((row, index) => (Index: index, First: row.First.Ids.Length, Second: row.Second?.Ids.Length ?? 0)).OrderBy(row => row.First + row.Second))
        {
            (first, second) = (Math.Max(first, row.First), Math.Max(second, row.Second));
            if (batch.Count > 0 && (batch.Count == mostRows || (batch.Count + 1L) * (first + second) > mostTokens))
            {
                yield return [.. batch];
                batch.Clear();
                (first, second) = (row.First, row.Second);
            }
            batch.Add(row.Index);
        }
        if (batch.Count > 0) yield return [.. batch];
    }
}
