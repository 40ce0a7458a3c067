using Spindle.Data.Templates;
using Spindle.Data.Text;
using Spindle.Models;
using Spindle.Models.Generation;
using Spindle.Training.Batches;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Evaluation;

/// <summary>Generates a text from a text, and reads a label from it if the task has labels.</summary>
/// <param name="template">Reads labels from generated texts.</param>
/// <param name="tokenizers">The tokenizers of sources and targets.</param>
/// <param name="generation">Generates texts.</param>
/// <param name="batchSize">The most rows that are generated at a time.</param>
public sealed class TextObjective(ITextTemplate template, TokenizerPair tokenizers, GenerationOptions generation, int batchSize = PredictionBatches.MostRows) : IObjective
{
    /// <inheritdoc/>
    public int PredictionBatchSize => batchSize;

    /// <summary>The mean cross-entropy of the targets' tokens, as <c>ForConditionalGeneration</c> of HF transformers computes it.</summary>
    /// <inheritdoc/>
    public Tensor Loss(TunedModel model, TensorBatch batch)
    {
        var logits = model.Logits(batch.Input);
        return nn.functional.cross_entropy(logits.flatten(0, 1), batch.Input.Target!.flatten(), ignore_index: TensorBatch.IgnoreIndex);
    }

    /// <inheritdoc/>
    public double Weight(IReadOnlyList<EncodedExample> rows) => rows.Sum(row => (double)row.Target!.Length);

    /// <inheritdoc/>
    public IReadOnlyList<Prediction> Predict(TunedModel model, IReadOnlyList<EncodedExample> rows, CancellationToken stop)
    {
        model.Training = false;
        var finite = IsFinite(model);
        var predictions = new Prediction[rows.Count];
        foreach (var batch in PredictionBatches.Of(rows, model.Device, batchSize, PredictionBatches.Generated))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var source = TensorBatch.Of([.. batch.Select(row => rows[row] with { Target = null })], tokenizers.Source.PaddingId, model.Device).Input.First;
            var written = model.Generate(source, generation, stop);
            foreach (var (row, ids) in batch.Zip(written))
            {
                var text = tokenizers.Target.Decode(ids).Trim();
                predictions[row] = new(template.Label(text), []) { Text = text, IsFinite = finite };
            }
        }
        return predictions;
    }

    // generation returns a text whatever the logits are
    private static bool IsFinite(TunedModel model)
    {
        using var scope = NewDisposeScope();
        return model.Parameters.Values.isfinite().all().ToBoolean();
    }
}
