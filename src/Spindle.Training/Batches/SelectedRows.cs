using System.Collections;

namespace Spindle.Training.Batches;

/// <summary>Some of the rows of a task, which are not copied.</summary>
/// <param name="rows">All rows.</param>
/// <param name="indices">The zero-based indices of the selected rows.</param>
internal sealed class SelectedRows(IReadOnlyList<EncodedExample> rows, IReadOnlyList<int> indices) : IReadOnlyList<EncodedExample>
{
    /// <inheritdoc/>
    public int Count => indices.Count;

    /// <inheritdoc/>
    public EncodedExample this[int index] => rows[indices[index]];

    /// <inheritdoc/>
    public IEnumerator<EncodedExample> GetEnumerator() => indices.Select(index => rows[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
