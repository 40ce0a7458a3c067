using Spindle.Models.Devices;

namespace Spindle.Training.Settings;

/// <summary>How a model is trained and scored.</summary>
public sealed record TrainingSettings
{
    /// <summary>Passes over the training rows, at least 1.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Rows per step, at least 1.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The largest number of tokens per step, padding included, or null. Where it is set, a step has as many rows of similar length as it holds, at least one, and
    /// <see cref="BatchSize"/> is not used.</summary>
    public int? TokensPerBatch { get; init; }

    /// <summary>The number of parts, at least 1, in which a step's rows are trained one after the other, to save memory. Their gradients are added, so a step is the same up to rounding and dropout.</summary>
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>Whether each block keeps only its inputs for the backward pass and is computed again there, to save memory. A step is the same.</summary>
    public bool ActivationCheckpointing { get; init; }

    /// <summary>The learning rate after the warm-up.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The learning rate of full fine-tuning, which diverges at the rate of a strategy. The default is the paper's 5e-5.</summary>
    public double FullLearningRate { get; init; } = 5e-5;

    /// <summary>The learning rates of single strategies by name, at <see cref="LearningRate"/>: a training run with another rate changes them by the same factor.
    /// Strategies that are not listed have the rate of the run.</summary>
    public NumbersByName LearningRates { get; init; } = NumbersByName.None;

    /// <summary>The learning rate of the head, whatever the rate of the run; null for the rate of the run.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>The epochs without a better score on the rows that select after which training stops and returns to the best epoch; null trains all epochs and keeps the last.</summary>
    public int? Patience { get; init; }

    /// <summary>The number of runs from the same initial values, each in another row order and with other dropout, whose trained values are averaged; at least 1.</summary>
    public int AveragedRuns { get; init; } = 1;

    /// <summary>The share of the steps, from 0 to 1, during which the learning rate rises from 0. It then falls linearly to 0.</summary>
    public double WarmUp { get; init; } = 0.06;

    /// <summary>AdamW's decoupled weight decay; 0 turns it off.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The Euclidean norm to which gradients are clipped; 0 turns clipping off.</summary>
    public double GradientClipping { get; init; } = 1.0;

    /// <summary>The dropout probability of head and backbone, or null for the checkpoint's.</summary>
    public double? Dropout { get; init; }

    /// <summary>The longest sequence in tokens, special tokens included.</summary>
    public int MaxLength { get; init; } = 128;

    /// <summary>The longest generated text in tokens, special tokens included.</summary>
    public int MaxTargetLength { get; init; } = 64;

    /// <summary>The number of beams of generation; 1 is greedy decoding.</summary>
    public int Beams { get; init; } = 1;

    /// <summary>The precision of the frozen weights.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>The device that computes.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>The head on the backbone, or null for the checkpoint's default. T5 and text-to-text tasks use the language model.</summary>
    public HeadKind? Head { get; init; }

    /// <summary>Where the head's weights start.</summary>
    public HeadStart HeadStart { get; init; } = HeadStart.Auto;

    /// <summary>The number of training rows to sample with the seed, or null for all.</summary>
    public int? TrainLimit { get; init; }

    /// <summary>The number of validation rows to sample (the same ones for every trial), or null for all.</summary>
    public int? ValidationLimit { get; init; }

    /// <summary>The share of the training rows that is set aside for selection, from 0 to 0.5. With 0, the validation rows select, as in the paper's protocol.</summary>
    public double Selection { get; init; }

    /// <summary>The number of different selection splits, or null for several where the training rows are few. Seeds and rungs take them in turn, so that few selection rows decide less by chance.</summary>
    public int? SelectionSplits { get; init; }

    /// <summary>The threads of one training run. Results depend on this number in their last bits.</summary>
    public int Threads { get; init; } = 1;
}
