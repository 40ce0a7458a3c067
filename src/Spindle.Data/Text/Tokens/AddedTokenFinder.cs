using System.Buffers;
using System.Globalization;
using System.Text;

namespace Spindle.Data.Text.Tokens;

/// <summary>Cuts text at added tokens: the leftmost first, at one place the longest (as HF tokenizers does it).</summary>
internal sealed class AddedTokenFinder
{
    private readonly SearchValues<string> contents;
    private readonly Dictionary<char, (string Content, AddedToken Token)[]> byFirst;

    /// <param name="tokens">The tokens with the text that each is found by.</param>
    public AddedTokenFinder(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        var known = tokens.Where(token => token.Content.Length > 0).ToArray();
        contents = SearchValues.Create([.. known.Select(token => token.Content)], StringComparison.Ordinal);
        byFirst = known.GroupBy(token => token.Content[0]).ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
    }

    /// <summary>The pieces of a text in order: an id where a token stands, a text otherwise; no piece is empty.</summary>
    public IEnumerable<(int Start, string Text, int? Id)> Cut(string text)
    {
        var start = 0;
        if (byFirst.Count > 0)
        {
            var from = 0;
            while (from < text.Length)
            {
                var found = text.AsSpan(from).IndexOfAny(contents);
                if (found < 0) break;
                var at = from + found;
                var (content, token) = Longest(text, at);
                var end = at + content.Length;
                from = end;
                if (token.SingleWord && (IsWordBefore(text, at) || IsWordAt(text, end))) continue;
                if (token.StripsLeft)
                    while (at > start && char.IsWhiteSpace(text[at - 1])) at--;
                if (token.StripsRight)
                    while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
                if (at > start) yield return (start, text[start..at], null);
                yield return (at, content, token.Id);
                start = end;
                from = Math.Max(from, end);
            }
        }
        if (start < text.Length) yield return (start, start == 0 ? text : text[start..], null);
    }

    private (string Content, AddedToken Token) Longest(string text, int at) =>
        byFirst[text[at]].First(token => string.CompareOrdinal(text, at, token.Content, 0, token.Content.Length) == 0);

    private static bool IsWordBefore(string text, int at) =>
        at > 0 && Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool IsWordAt(string text, int at) => at < text.Length && Rune.TryGetRuneAt(text, at, out var rune) && IsWord(rune);

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.LetterNumber;
}
