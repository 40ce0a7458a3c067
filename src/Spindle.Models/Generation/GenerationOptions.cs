namespace Spindle.Models.Generation;

/// <summary>How a sequence of tokens is generated. Lengths count the decoder's start token.</summary>
public sealed record GenerationOptions
{
    /// <summary>The token that every sequence starts with.</summary>
    public required int StartId { get; init; }

    /// <summary>The token that ends a sequence.</summary>
    public required int EndId { get; init; }

    /// <summary>The longest length, at least 2.</summary>
    public int MaximumLength { get; init; } = 20;

    /// <summary>The length before which no sequence ends; 0 is none.</summary>
    public int MinimumLength { get; init; }

    /// <summary>Beams; 1 is greedy, or drawn where <see cref="Sampling"/> is given.</summary>
    public int Beams { get; init; } = 1;

    /// <summary>A finished sequence's log-probability is divided by its length to this power: above 0 longer ones gain.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>When a beam search ends.</summary>
    public EarlyStopping EarlyStopping { get; init; }

    /// <summary>No so many tokens occur twice in a row in the same order; 0 is none.</summary>
    public int NoRepeatNgram { get; init; }

    /// <summary>The token that must follow the start token, or null.</summary>
    public int? ForcedBeginId { get; init; }

    /// <summary>The token that must stand at the longest length, or null.</summary>
    public int? ForcedEndId { get; init; }

    /// <summary>How the next token is drawn, or null for the likeliest.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>Throws where a value is impossible.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="ArgumentException">Sampling and several beams are both asked for.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumLength, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(MinimumLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(Beams, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(NoRepeatNgram);
        if (!double.IsFinite(LengthPenalty)) throw new ArgumentOutOfRangeException(nameof(LengthPenalty), LengthPenalty, "must be finite");
        Sampling?.Validate();
        if (Sampling is not null && Beams > 1) throw new ArgumentException("sampling and beams exclude each other: use one beam, or no sampling");
    }
}
