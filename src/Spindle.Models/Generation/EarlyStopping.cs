namespace Spindle.Models.Generation;

/// <summary>When a beam search ends before the longest length.</summary>
public enum EarlyStopping
{
    /// <summary>When no running beam, at its score of today, could enter the finished ones.</summary>
    Heuristic,

    /// <summary>As soon as there are as many finished sequences as beams.</summary>
    WhenFull,

    /// <summary>Only when no running beam could enter the finished ones at any length that is left.</summary>
    Never,
}
