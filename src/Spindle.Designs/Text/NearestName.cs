namespace Spindle.Designs.Text;

/// <summary>Finds the probable meaning of a misspelt name.</summary>
public static class NearestName
{
    /// <summary>The known name with the smallest edit distance (the first on a tie), or null if none is close enough to be a misspelling
    /// (a distance above 2 and above a third of the longer name).</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        var smallest = int.MaxValue;
        foreach (var candidate in known)
        {
            // the distance is at least the difference in length, and slow to compute for long names
            var most = Math.Max(2, Math.Max(name.Length, candidate.Length) / 3);
            if (Math.Abs(name.Length - candidate.Length) > most) continue;
            var distance = Distance(name, candidate);
            if (distance >= smallest || distance > most || distance >= candidate.Length) continue;
            (nearest, smallest) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>The edit distance: single characters inserted, deleted or replaced (Levenshtein 1966).</summary>
    public static int Distance(string first, string second)
    {
        var previous = Enumerable.Range(0, second.Length + 1).ToArray();
        var current = new int[second.Length + 1];
        for (var i = 1; i <= first.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= second.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }

        return previous[second.Length];
    }
}
