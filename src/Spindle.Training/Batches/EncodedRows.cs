using System.Collections;
using Spindle.Data.Tasks;

namespace Spindle.Training.Batches;

/// <summary>Rows as token ids: few are kept in memory, many are encoded anew whenever they are asked for, which costs next to nothing beside training on them.</summary>
public sealed class EncodedRows : IReadOnlyList<EncodedExample>
{
    /// <summary>The tokens that are kept in memory by default: 128 MB.</summary>
    public const long DefaultTokens = 16 << 20;

    private readonly IReadOnlyList<Example> rows;
    private readonly IExampleEncoder encoder;
    private readonly List<EncodedExample>? kept = [];

    /// <summary>Encodes rows until too many tokens are kept.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="encoder">Turns a row into token ids.</param>
    /// <param name="tokens">The tokens that may be kept.</param>
    /// <exception cref="InvalidDataException">The tokenizer gives a token that the backbone does not know.</exception>
    public EncodedRows(IReadOnlyList<Example> rows, IExampleEncoder encoder, long tokens = DefaultTokens)
    {
        (this.rows, this.encoder) = (rows, encoder);
        foreach (var row in rows)
        {
            var encoded = encoder.Encode(row);
            tokens -= encoded.Length;
            if (tokens < 0)
            {
                kept = null;
                return;
            }
            kept.Add(encoded);
        }
    }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The row is encoded anew, and the tokenizer gives a token that the backbone does not know.</exception>
    public EncodedExample this[int index] => kept is null ? encoder.Encode(rows[index]) : kept[index];

    /// <inheritdoc/>
    public IEnumerator<EncodedExample> GetEnumerator() => (kept ?? rows.Select(encoder.Encode)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
