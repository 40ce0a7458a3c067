namespace Spindle.Metrics.Bleu;

/// <summary>Normalizes Romanian for scoring WMT16: unifies the forms of letters, then removes diacritics (Sennrich et al. 2016, section 4.1).</summary>
public static class Romanian
{
    private const string Cedillas = "ŞşŢţ";
    private const string Commas = "ȘșȚț";
    private const string Marked = "ȘșȚțĂăÂâÎî";
    private const string Bare = "SsTtAaAaIi";

    /// <summary>The text with s and t with comma below in place of those with cedilla.</summary>
    public static string Normalise(string text) => Replace(text, Cedillas, Commas);

    /// <summary>The normalized text without diacritics.</summary>
    public static string RemoveDiacritics(string text) => Replace(Normalise(text), Marked, Bare);

    private static string Replace(string text, string from, string to) => string.Create(text.Length, (text, from, to), static (span, state) =>
    {
        for (var at = 0; at < span.Length; at++)
            span[at] = state.from.IndexOf(state.text[at]) is >= 0 and var found ? state.to[found] : state.text[at];
    });
}
