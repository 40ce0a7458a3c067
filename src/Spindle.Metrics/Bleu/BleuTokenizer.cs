namespace Spindle.Metrics.Bleu;

/// <summary>How BLEU cuts text into tokens.</summary>
public enum BleuTokenizer
{
    /// <summary>As <c>mteval-v13a</c> does, the usual one.</summary>
    V13A,

    /// <summary>At blanks alone.</summary>
    None,

    /// <summary>As <c>mteval-v14</c> does, by Unicode's classes of punctuation, numbers and symbols: .NET's tables, so that a sign that is younger than they are, or than Python's, may be cut otherwise.</summary>
    International,

    /// <summary>Every character.</summary>
    Character,
}
