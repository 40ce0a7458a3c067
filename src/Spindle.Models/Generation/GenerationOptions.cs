namespace Spindle.Models.Generation;

/// <summary>Options of text generation. Lengths include the decoder's start token.</summary>
public sealed record GenerationOptions
{
    /// <summary>The token that every sequence starts with.</summary>
    public required int StartId { get; init; }

    /// <summary>The token that ends a sequence.</summary>
    public required int EndId { get; init; }

    /// <summary>The maximum length, at least 2.</summary>
    public int MaximumLength { get; init; } = 20;

    /// <summary>The minimum length; 0 for none.</summary>
    public int MinimumLength { get; init; }

    /// <summary>The number of beams; 1 is greedy decoding, or sampled decoding where <see cref="Sampling"/> is set.</summary>
    public int Beams { get; init; } = 1;

    /// <summary>The log-probability of a finished sequence is divided by its length to this power; above 0 it favours longer sequences.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>When a beam search ends.</summary>
    public EarlyStopping EarlyStopping { get; init; }

    /// <summary>The length of token sequences that may not repeat; 0 for none.</summary>
    public int NoRepeatNgram { get; init; }

    /// <summary>The token that must follow the start token, or null.</summary>
    public int? ForcedBeginId { get; init; }

    /// <summary>The token that must end a sequence of the maximum length, or null.</summary>
    public int? ForcedEndId { get; init; }

    /// <summary>How the next token is sampled, or null for greedy decoding.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="ArgumentException">Both sampling and several beams are set.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumLength, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(MinimumLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(Beams, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(NoRepeatNgram);
        if (!double.IsFinite(LengthPenalty)) throw new ArgumentOutOfRangeException(nameof(LengthPenalty), LengthPenalty, "must be finite");
        Sampling?.Validate();
        if (Sampling is not null && Beams > 1) throw new ArgumentException("sampling needs one beam; set the beams to 1 or leave out the sampling");
    }
}
