namespace Spindle.Data.Text.Tokens;

/// <summary>A token that is found in text as a whole, before anything else cuts the text (HF tokenizers' <c>AddedToken</c>).</summary>
/// <param name="Content">The token's text.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether decoding leaves it out.</param>
internal sealed record AddedToken(string Content, int Id, bool Special)
{
    /// <summary>Whether it counts only where no letter or digit touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it absorbs the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it absorbs the white space after it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is looked for in the normalised text.</summary>
    public bool Normalised { get; init; }
}
