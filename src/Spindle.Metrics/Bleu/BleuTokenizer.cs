namespace Spindle.Metrics.Bleu;

/// <summary>How BLEU cuts text into tokens.</summary>
public enum BleuTokenizer
{
    /// <summary>As <c>mteval-v13a</c> does, the usual one.</summary>
    V13A,

    /// <summary>At blanks alone.</summary>
    None,

    /// <summary>As <c>mteval-v14</c> does, by Unicode's classes of punctuation, numbers and symbols.</summary>
    International,

    /// <summary>Every character.</summary>
    Character,
}
