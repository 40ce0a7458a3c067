using Spindle.Models;
using Spindle.Training.Batches;
using static TorchSharp.torch;

namespace Spindle.Training.Evaluation;

/// <summary>What a task trains a model to say: the loss that trains it, and the prediction that is read off it.</summary>
public interface IObjective
{
    /// <summary>The mean loss of a batch, a float32 scalar with a gradient.</summary>
    Tensor Loss(TunedModel model, TensorBatch batch);

    /// <summary>A prediction for each row, in the order of the rows, without gradients or dropout; rows of like length share a batch.</summary>
    /// <param name="model">The model; it is left in evaluation mode.</param>
    /// <param name="rows">The rows; labels and targets are not looked at.</param>
    /// <param name="stop">Stops at the next batch.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    IReadOnlyList<Prediction> Predict(TunedModel model, IReadOnlyList<EncodedExample> rows, CancellationToken stop);
}
