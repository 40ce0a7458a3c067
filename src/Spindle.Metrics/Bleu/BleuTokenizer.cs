namespace Spindle.Metrics.Bleu;

/// <summary>The tokenizers of BLEU.</summary>
public enum BleuTokenizer
{
    /// <summary>The tokenizer of <c>mteval-v13a</c>, the default.</summary>
    V13A,

    /// <summary>Splits at whitespace only.</summary>
    None,

    /// <summary>The tokenizer of <c>mteval-v14</c>, by Unicode's classes of punctuation, numbers and symbols. It uses .NET's tables, so characters that are new in Unicode may be split differently than in Python.</summary>
    International,

    /// <summary>Splits into characters.</summary>
    Character,
}
