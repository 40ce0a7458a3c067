namespace Spindle.Tests.Baselines;

/// <summary>The share of words that two sentences have in common (Jaccard): what a task of likeness gives away without meaning.</summary>
internal static class OverlapScore
{
    public static double Of(string first, string second)
    {
        var (a, b) = (Words(first), Words(second));
        return (double)a.Intersect(b).Count() / a.Union(b).Count();
    }

    private static HashSet<string> Words(string text) =>
        text.ToLowerInvariant().Split([' ', '.', ','], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
