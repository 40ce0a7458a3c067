namespace Spindle.Models.Generation;

/// <summary>When a beam search ends before the maximum length.</summary>
public enum EarlyStopping
{
    /// <summary>When no running beam could enter the finished ones with its current score.</summary>
    Heuristic,

    /// <summary>As soon as there are as many finished sequences as beams.</summary>
    WhenFull,

    /// <summary>Only when no running beam could enter the finished ones at any remaining length.</summary>
    Never,
}
