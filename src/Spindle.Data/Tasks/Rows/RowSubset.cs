using System.Collections;

namespace Spindle.Data.Tasks.Rows;

/// <summary>Some of the rows of a list, which stay where they are.</summary>
/// <param name="rows">The list.</param>
/// <param name="indices">The positions of the rows, rising.</param>
internal sealed class RowSubset<T>(IReadOnlyList<T> rows, IReadOnlyList<int> indices) : IReadOnlyList<T>
{
    public int Count => indices.Count;

    public T this[int index] => rows[indices[index]];

    /// <summary>The rows that a condition holds for; the list itself where it holds for all.</summary>
    public static IReadOnlyList<T> Where(IReadOnlyList<T> rows, Func<T, bool> holds)
    {
        int[] indices = [.. rows.Index().Where(row => holds(row.Item)).Select(row => row.Index)];
        return indices.Length == rows.Count ? rows : new RowSubset<T>(rows, indices);
    }

    public IEnumerator<T> GetEnumerator() => indices.Select(index => rows[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
