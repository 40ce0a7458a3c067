using Spindle.Models;
using Spindle.Models.Heads;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>Solves the probe that a head starts from.</summary>
/// <param name="labels">What the head's logits mean.</param>
/// <param name="paddingId">The id of the padding token.</param>
internal sealed class HeadProbe(LabelLogits labels, int paddingId)
{
    /// <summary>The most training rows that a probe reads, evenly spaced among them.</summary>
    public const int MostRows = 10_000;

    private const long MostNumbers = 1 << 24; // of features and outputs: 128 MB in float64

    /// <summary>The values that the head starts from.</summary>
    /// <param name="model">The head over the frozen backbone, with nothing else attached; it is left in evaluation mode.</param>
    /// <param name="rows">The training rows, at least one.</param>
    /// <param name="stop">Stops at the next batch.</param>
    /// <exception cref="InvalidDataException">The head cannot start from a probe, or the features are not finite.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public HeadValues Solve(TunedModel model, IReadOnlyList<EncodedExample> rows, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var width = Features(model, [rows[0]], stop)[0].Length + labels.Outputs;
        var read = Spread(rows, (int)Math.Clamp(MostNumbers / width, 1, MostRows));
        var features = Features(model, read, stop);
        var flat = tensor([.. features.SelectMany(row => row)]).view(features.Length, -1);
        double[] wanted = [.. read.Select(row => row.Label)];
        return model.StartOfHead(flat, inputs => labels.Probe(inputs, wanted));
    }

    private static IReadOnlyList<EncodedExample> Spread(IReadOnlyList<EncodedExample> rows, int most) => rows.Count <= most
        ? rows
        : [.. Enumerable.Range(0, most).Select(index => rows[(int)((long)index * rows.Count / most)])];

    private float[][] Features(TunedModel model, IReadOnlyList<EncodedExample> rows, CancellationToken stop)
    {
        model.Training = false;
        var features = new float[rows.Count][];
        foreach (var batch in PredictionBatches.Of(rows, model.Device, PredictionBatches.MostRows, PredictionBatches.Scored))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = inference_mode();
            var flat = model.Features(TensorBatch.Of([.. batch.Select(row => rows[row])], paddingId, model.Device).Input).cpu().contiguous().data<float>().ToArray();
            var width = flat.Length / batch.Length;
            for (var at = 0; at < batch.Length; at++) features[batch[at]] = flat[(at * width)..((at + 1) * width)];
        }
        return features;
    }
}
