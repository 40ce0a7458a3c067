namespace Spindle.Designs;

/// <summary>Compares lists inside records by value.</summary>
internal static class Sequences
{
    /// <summary>Whether both hold equal items in the same order.</summary>
    public static bool Same<T>(IReadOnlyList<T> first, IReadOnlyList<T> second) => ReferenceEquals(first, second) || first.SequenceEqual(second);

    /// <summary>A hash of the items and their order.</summary>
    public static int Hash<T>(IReadOnlyList<T> items)
    {
        var hash = new HashCode();
        foreach (var item in items) hash.Add(item);
        return hash.ToHashCode();
    }
}
