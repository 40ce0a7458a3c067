using System.Globalization;

namespace Spindle.Designs;

/// <summary>A set of tuned groups.</summary>
/// <param name="Indices">The zero-based indices, ascending.</param>
/// <exception cref="ArgumentException">There are no groups, or the indices are negative or not ascending.</exception>
public sealed record TunableGroups(IReadOnlyList<int> Indices)
{
    /// <summary>The zero-based indices, strictly ascending, at least one.</summary>
    public IReadOnlyList<int> Indices { get; } =
        Indices.Count > 0 && Indices[0] >= 0 && Indices.Zip(Indices.Skip(1)).All(pair => pair.First < pair.Second)
            ? [.. Indices]
            : throw new ArgumentException("there must be at least one tuned group, in ascending order from 0", nameof(Indices));

    /// <summary>All groups.</summary>
    /// <param name="groups">The number of groups, at least 1.</param>
    public static TunableGroups All(int groups) => new([.. Enumerable.Range(0, groups)]);

    /// <summary>The paper's options: each group alone, the first and the last 2, 3, … groups, and all groups (9 options for 4 groups).</summary>
    /// <param name="groups">The number of groups, at least 1.</param>
    public static IReadOnlyList<TunableGroups> Runs(int groups)
    {
        IEnumerable<TunableGroups> Alone() => Enumerable.Range(0, groups).Select(group => new TunableGroups([group]));
        IEnumerable<TunableGroups> Ends() => Enumerable.Range(2, Math.Max(0, groups - 2)).SelectMany(count => new[]
        {
            new TunableGroups([.. Enumerable.Range(0, count)]),
            new TunableGroups([.. Enumerable.Range(groups - count, count)]),
        });
        return [.. Alone().Concat(Ends()).Append(All(groups)).Distinct()];
    }

    /// <summary>Every non-empty subset.</summary>
    /// <param name="groups">The number of groups, from 1 to 16.</param>
    public static IReadOnlyList<TunableGroups> AllSubsets(int groups)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, 16);
        return [.. Enumerable.Range(1, (1 << groups) - 1)
            .Select(mask => new TunableGroups([.. Enumerable.Range(0, groups).Where(group => (mask >> group & 1) == 1)]))];
    }

    /// <summary>Reads <c>G1</c>, <c>G1-G2</c>, <c>G1,G3</c> or <c>all</c>.</summary>
    /// <param name="text">The groups, counted from 1.</param>
    /// <param name="groups">The number of groups.</param>
    /// <exception cref="FormatException">The text is none of these, or names a group that does not exist.</exception>
    public static TunableGroups Parse(string text, int groups)
    {
        if (text.Trim() == "all") return All(groups);
        var indices = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2) throw Wrong();
            var (first, last) = (Group(ends[0]), Group(ends[^1]));
            if (first > last) throw Wrong();
            indices.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return new([.. indices]);

        int Group(string name) => name.Trim() is ['G' or 'g', .. var digits]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= groups
                ? number - 1
                : throw Wrong();

        FormatException Wrong() => new($"'{text}' does not name groups; write G1, G1-G2, G1,G3 or all, up to G{groups.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>Whether a group, counted from 0, is tuned.</summary>
    public bool Contains(int group) => Indices.Contains(group);

    /// <inheritdoc/>
    public bool Equals(TunableGroups? other) => other is not null && Sequences.Same(Indices, other.Indices);

    /// <inheritdoc/>
    public override int GetHashCode() => Sequences.Hash(Indices);

    /// <summary>The groups, counted from 1, with consecutive ones joined: <c>G1</c>, <c>G1-G2</c>, <c>G1,G3</c>.</summary>
    public override string ToString()
    {
        var runs = new List<string>();
        for (int start = 0, end; start < Indices.Count; start = end + 1)
        {
            for (end = start; end + 1 < Indices.Count && Indices[end + 1] == Indices[end] + 1;) end++;
            runs.Add(start == end ? Name(start) : $"{Name(start)}-{Name(end)}");
        }

        return string.Join(',', runs);

        string Name(int position) => string.Create(CultureInfo.InvariantCulture, $"G{Indices[position] + 1}");
    }

    /// <summary>As <see cref="ToString()"/>, or <c>all</c> if every group is tuned.</summary>
    /// <param name="groups">The number of groups.</param>
    public string ToString(int groups) => Indices.Count == groups ? "all" : ToString();
}
