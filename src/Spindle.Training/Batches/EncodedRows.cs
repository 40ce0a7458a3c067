using System.Collections;
using Spindle.Data.Tasks;

namespace Spindle.Training.Batches;

/// <summary>Rows as token ids. A small number of rows is kept in memory; a large number is encoded again on each access, which costs almost nothing compared with training.</summary>
public sealed class EncodedRows : IReadOnlyList<EncodedExample>
{
    /// <summary>The number of tokens that are kept in memory by default: 128 MB.</summary>
    public const long DefaultTokens = 16 << 20;

    private readonly IReadOnlyList<Example> rows;
    private readonly IExampleEncoder encoder;
    private readonly List<EncodedExample>? kept = [];

    /// <summary>Encodes rows, and keeps them in memory if they are not too many.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="encoder">Turns a row into token ids.</param>
    /// <param name="tokens">The largest number of tokens to keep.</param>
    /// <exception cref="InvalidDataException">The tokenizer returns a token id that is not in the backbone's vocabulary.</exception>
    public EncodedRows(IReadOnlyList<Example> rows, IExampleEncoder encoder, long tokens = DefaultTokens)
    {
        (this.rows, this.encoder) = (rows, encoder);
        foreach (var row in rows)
        {
            var encoded = encoder.Encode(row);
            Examined++;
            if (encoder.IsCut(row, encoded)) Cut++;
            tokens -= encoded.Length;
            if (tokens < 0)
            {
                kept = null;
                return;
            }
            kept.Add(encoded);
        }
    }

    /// <summary>The number of rows that were examined for <see cref="Cut"/>: all of them, or as many as fit in memory.</summary>
    public int Examined { get; }

    /// <summary>The number of rows whose text or target is longer than the model reads.</summary>
    public int Cut { get; }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The row is encoded again, and the tokenizer returns a token id that is not in the backbone's vocabulary.</exception>
    public EncodedExample this[int index] => kept is null ? encoder.Encode(rows[index]) : kept[index];

    /// <inheritdoc/>
    public IEnumerator<EncodedExample> GetEnumerator() => (kept ?? rows.Select(encoder.Encode)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
