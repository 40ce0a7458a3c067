using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Spindle.Training.Settings;

/// <summary>Numbers by name. Equal if all names and numbers are.</summary>
public sealed class NumbersByName : IReadOnlyDictionary<string, double>, IEquatable<NumbersByName>
{
    private readonly SortedDictionary<string, double> numbers = new(StringComparer.Ordinal);

    /// <summary>No numbers.</summary>
    public static NumbersByName None { get; } = new();

    /// <summary>The numbers of some names.</summary>
    /// <param name="numbers">A number for each name.</param>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public NumbersByName(params IEnumerable<KeyValuePair<string, double>> numbers)
    {
        foreach (var (name, number) in numbers) this.numbers.Add(name, number);
    }

    /// <inheritdoc/>
    public double this[string key] => numbers[key];

    /// <inheritdoc/>
    public IEnumerable<string> Keys => numbers.Keys;

    /// <inheritdoc/>
    public IEnumerable<double> Values => numbers.Values;

    /// <inheritdoc/>
    public int Count => numbers.Count;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => numbers.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value) => numbers.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => numbers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(NumbersByName? other) => other is not null && numbers.SequenceEqual(other.numbers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NumbersByName);

    /// <inheritdoc/>
    public override int GetHashCode() => numbers.Aggregate(Count, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", numbers.Select(pair => FormattableString.Invariant($"{pair.Key}={pair.Value}")));
}
