namespace Spindle.Training.Settings;

/// <summary>How a trial trains and scores a model.</summary>
public sealed record TrainingSettings
{
    /// <summary>Passes over the training rows, at least 1.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Rows a step, at least 1.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The learning rate after the warm-up.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The learning rate of full fine-tuning, which a strategy's would wreck; the paper's 5e-5 by default.</summary>
    public double FullLearningRate { get; init; } = 5e-5;

    /// <summary>The share of the steps over which the learning rate rises from 0, from 0 to 1; it falls linearly to 0 after.</summary>
    public double WarmUp { get; init; } = 0.06;

    /// <summary>AdamW's decoupled weight decay; 0 turns it off.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The Euclidean norm to which gradients are clipped; 0 turns clipping off.</summary>
    public double GradientClipping { get; init; } = 1.0;

    /// <summary>The dropout probability of head and backbone, or null for the checkpoint's own.</summary>
    public double? Dropout { get; init; }

    /// <summary>The longest sequence in tokens, special tokens among them.</summary>
    public int MaxLength { get; init; } = 128;

    /// <summary>The longest text that is written, in tokens, special tokens among them.</summary>
    public int MaxTargetLength { get; init; } = 64;

    /// <summary>Beams with which text is written; 1 takes the likeliest token each time.</summary>
    public int Beams { get; init; } = 1;

    /// <summary>The precision of the frozen weights.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>The head over the backbone; null takes the checkpoint's default: T5 writes, and what writes a text has no other.</summary>
    public HeadKind? Head { get; init; }

    /// <summary>Where the head's weights start.</summary>
    public HeadStart HeadStart { get; init; } = HeadStart.Random;

    /// <summary>Training rows to draw by seed, or null for all.</summary>
    public int? TrainLimit { get; init; }

    /// <summary>Validation rows to draw (the same for every trial), or null for all.</summary>
    public int? ValidationLimit { get; init; }

    /// <summary>Threads of one trial. It is part of what a trial is a function of: other threads differ in the last bit.</summary>
    public int Threads { get; init; } = 1;
}
