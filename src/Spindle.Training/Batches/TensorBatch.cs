using Spindle.Data.Text;
using Spindle.Models.Backbones;
using Spindle.Models.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Batches;

/// <summary>Rows as tensors, padded to the longest among them. The caller's dispose scope owns the tensors.</summary>
/// <param name="Input">The token ids and masks, each <c>[batch, sequence]</c>.</param>
/// <param name="Labels">The labels, <c>[batch]</c>, float64.</param>
public sealed record TensorBatch(ModelInput Input, Tensor Labels)
{
    /// <summary>The id that pads targets. The loss ignores it.</summary>
    public const int IgnoreIndex = -100;

    /// <summary>Pads and stacks rows.</summary>
    /// <param name="rows">At least one row. Either all rows have a second sentence or none has; the same holds for targets.</param>
    /// <param name="paddingId">The id of the padding token.</param>
    /// <param name="device">The device of the tensors.</param>
    public static TensorBatch Of(IReadOnlyList<EncodedExample> rows, int paddingId, Device device)
    {
        var first = Stack([.. rows.Select(row => row.First)], paddingId, device);
        var second = rows[0].Second is null ? null : Stack([.. rows.Select(row => row.Second!)], paddingId, device);
        var target = rows[0].Target is null ? null : Targets([.. rows.Select(row => row.Target!)], device);
        return new(new ModelInput(first, second) { Target = target }, tensor(rows.Select(row => row.Label).ToArray()).Upload(device));
    }

    private static Tensor Targets(IReadOnlyList<int[]> sequences, Device device)
    {
        var ids = new long[sequences.Count, sequences.Max(sequence => sequence.Length)];
        for (var row = 0; row < ids.GetLength(0); row++)
            for (var token = 0; token < ids.GetLength(1); token++)
                ids[row, token] = token < sequences[row].Length ? sequences[row][token] : IgnoreIndex;
        return tensor(ids).Upload(device);
    }

    private static TokenBatch Stack(IReadOnlyList<Encoding> sequences, int paddingId, Device device)
    {
        var length = sequences.Max(sequence => sequence.Ids.Length);
        var tokens = new long[3, sequences.Count, length]; // ids, mask and segments, which travel together
        for (var row = 0; row < sequences.Count; row++)
        {
            var sequence = sequences[row];
            for (var token = 0; token < length; token++)
            {
                var real = token < sequence.Ids.Length;
                tokens[0, row, token] = real ? sequence.Ids[token] : paddingId;
                tokens[1, row, token] = real ? 1 : 0;
                tokens[2, row, token] = real ? sequence.TypeIds[token] : 0;
            }
        }
        var host = tensor(tokens);
        var onHost = Split(host);
        return device.type == DeviceType.CPU ? onHost : Split(host.Upload(device)) with { OnHost = onHost };

        static TokenBatch Split(Tensor tokens) => new(tokens.select(0, 0), tokens.select(0, 1), tokens.select(0, 2));
    }
}
