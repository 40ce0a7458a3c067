using Spindle.Models;
using Spindle.Training.Batches;
using static TorchSharp.torch;

namespace Spindle.Training.Evaluation;

/// <summary>The objective of a task: the loss that trains a model, and how predictions are read from its output.</summary>
public interface IObjective
{
    /// <summary>The largest number of rows that are predicted at a time.</summary>
    int PredictionBatchSize { get; }

    /// <summary>The mean loss of a batch, a float32 scalar with a gradient.</summary>
    Tensor Loss(TunedModel model, TensorBatch batch);

    /// <summary>What the mean of <see cref="Loss"/> divides by: the number of rows or target tokens, or the sum of the rows' class weights.</summary>
    /// <param name="rows">The rows of a batch.</param>
    double Weight(IReadOnlyList<EncodedExample> rows);

    /// <summary>Predicts every row, in the order of the rows, without gradients or dropout. Rows of similar length share a batch, which has fewer rows where they are long.</summary>
    /// <param name="model">The model. It stays in evaluation mode.</param>
    /// <param name="rows">The rows. Labels and targets are ignored.</param>
    /// <param name="stop">Stops at the next batch.</param>
    /// <exception cref="OperationCanceledException">The operation was stopped.</exception>
    IReadOnlyList<Prediction> Predict(TunedModel model, IReadOnlyList<EncodedExample> rows, CancellationToken stop);
}
