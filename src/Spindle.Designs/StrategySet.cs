using System.Collections;

namespace Spindle.Designs;

/// <summary>A set of tuning strategies by name, in ordinal order, equal by value. The empty set tunes nothing.</summary>
public sealed class StrategySet : IReadOnlyList<string>, IEquatable<StrategySet>
{
    private readonly string[] names;

    /// <summary>Creates a set of these names. Repeated names count once.</summary>
    public StrategySet(params IEnumerable<string> names) =>
        this.names = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();

    /// <summary>The empty set, which tunes nothing.</summary>
    public static StrategySet Empty { get; } = new();

    /// <inheritdoc/>
    public int Count => names.Length;

    /// <summary>Whether the set tunes nothing.</summary>
    public bool IsEmpty => names.Length == 0;

    /// <inheritdoc/>
    public string this[int index] => names[index];

    /// <inheritdoc/>
    public bool Equals(StrategySet? other) => other is not null && names.AsSpan().SequenceEqual(other.names);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StrategySet);

    /// <inheritdoc/>
    public override int GetHashCode() => names.Aggregate(names.Length, (hash, name) => HashCode.Combine(hash, name));

    /// <summary>Whether both hold the same names.</summary>
    public static bool operator ==(StrategySet? first, StrategySet? second) => Equals(first, second);

    /// <summary>Whether the names differ.</summary>
    public static bool operator !=(StrategySet? first, StrategySet? second) => !Equals(first, second);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => names.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The names joined by <c>+</c>, or <c>none</c>.</summary>
    public override string ToString() => IsEmpty ? "none" : string.Join('+', names);
}
