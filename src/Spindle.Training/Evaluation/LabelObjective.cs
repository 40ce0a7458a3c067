using Spindle.Models;
using Spindle.Training.Batches;
using static TorchSharp.torch;

namespace Spindle.Training.Evaluation;

/// <summary>Predicts a label or a value from the logits of a head.</summary>
/// <param name="labels">The meaning of the logits.</param>
/// <param name="paddingId">The id of the padding token.</param>
/// <param name="batchSize">The most rows per forward pass for predictions.</param>
public sealed class LabelObjective(LabelLogits labels, int paddingId, int batchSize = PredictionBatches.MostRows) : IObjective
{
    /// <inheritdoc/>
    public int PredictionBatchSize => batchSize;

    /// <inheritdoc/>
    public Tensor Loss(TunedModel model, TensorBatch batch) => labels.Loss(model.Logits(batch.Input).to(ScalarType.Float32), batch.Labels);

    /// <inheritdoc/>
    public double Weight(IReadOnlyList<EncodedExample> rows) => rows.Sum(row => labels.Weight(row.Label));

    /// <inheritdoc/>
    public IReadOnlyList<Prediction> Predict(TunedModel model, IReadOnlyList<EncodedExample> rows, CancellationToken stop) =>
        [.. Logits(model, rows, stop).Select(logits => new Prediction(labels.Predict(logits), labels.Probabilities(logits)) { IsFinite = logits.All(float.IsFinite) })];

    /// <summary>The logits of every row, in the order of the rows. Rows of similar length share a batch.</summary>
    /// <param name="model">The model. It stays in evaluation mode.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="stop">Stops at the next batch.</param>
    /// <exception cref="OperationCanceledException">The operation was stopped.</exception>
    public float[][] Logits(TunedModel model, IReadOnlyList<EncodedExample> rows, CancellationToken stop)
    {
        model.Training = false;
        var logits = new float[rows.Count][];
        foreach (var batch in PredictionBatches.Of(rows, model.Device, batchSize, PredictionBatches.Scored))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = inference_mode();
            var input = TensorBatch.Of([.. batch.Select(row => rows[row])], paddingId, model.Device).Input;
            var output = model.Logits(input).to(ScalarType.Float32).cpu();
            var flat = output.contiguous().data<float>().ToArray();
            var outputs = flat.Length / batch.Length;
            for (var at = 0; at < batch.Length; at++) logits[batch[at]] = flat[(at * outputs)..((at + 1) * outputs)];
        }
        return logits;
    }
}
