namespace Spindle.Data.Text.Unigram;

/// <summary>Which texts get a blank before them.</summary>
internal enum DummyPrefix
{
    /// <summary>None.</summary>
    Never,

    /// <summary>The one that the whole text begins with.</summary>
    First,

    /// <summary>Every one, after special tokens too.</summary>
    Always,
}

/// <summary>SentencePiece's blanks: a visible mark that a word begins with.</summary>
/// <param name="Mark">The mark.</param>
/// <param name="Prefix">Which texts get one before them.</param>
/// <param name="Splits">Whether words are cut apart at marks.</param>
/// <param name="SplitsAtWhitespace">Whether text is cut at blanks first, so that each word counts as a text.</param>
internal sealed record Metaspace(char Mark, DummyPrefix Prefix, bool Splits, bool SplitsAtWhitespace)
{
    /// <summary>The mark that every SentencePiece model uses.</summary>
    public const char StandardMark = '\u2581';

    /// <summary>The texts that the words are cut from, with marks for blanks.</summary>
    public IEnumerable<string> Texts(string text, bool atStart)
    {
        if (!SplitsAtWhitespace)
        {
            yield return Marked(text, atStart);
            yield break;
        }
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            if (end > start) yield return Marked(text[start..end], atStart && start == 0);
            start = end + 1;
        }
    }

    /// <summary>The end of the word that begins at a place: the next mark, or the text's end.</summary>
    public int End(ReadOnlySpan<char> text, int start)
    {
        if (!Splits) return text.Length;
        var next = text[(start + 1)..].IndexOf(Mark);
        return next < 0 ? text.Length : start + 1 + next;
    }

    private string Marked(string text, bool atStart)
    {
        var marked = text.Replace(' ', Mark);
        return marked[0] != Mark && (Prefix == DummyPrefix.Always || (Prefix == DummyPrefix.First && atStart)) ? Mark + marked : marked;
    }
}
