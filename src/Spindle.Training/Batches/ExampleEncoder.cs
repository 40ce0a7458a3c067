using Spindle.Data.Tasks;
using Spindle.Data.Text;

namespace Spindle.Training.Batches;

/// <summary>Turns rows into token ids in the form that the head needs.</summary>
/// <param name="tokenizer">The backbone's tokenizer.</param>
/// <param name="maxLength">The longest sequence in tokens.</param>
/// <param name="pairsApart">Whether the sentences of a pair are two sequences.</param>
/// <param name="vocabularySize">The size of the backbone's vocabulary.</param>
public sealed class ExampleEncoder(ITextTokenizer tokenizer, int maxLength, bool pairsApart, int vocabularySize) : IExampleEncoder
{
    /// <inheritdoc/>
    public EncodedExample Encode(Example example) => pairsApart && example.Second is not null
        ? new(Encode(example.First, null), Encode(example.Second, null), example.Label)
        : new(Encode(example.First, example.Second), null, example.Label);

    /// <inheritdoc/>
    public bool IsCut(Example example, EncodedExample encoded) => pairsApart && example.Second is not null
        ? IsCut(encoded.First, example.First, null) || IsCut(encoded.Second!, example.Second, null)
        : IsCut(encoded.First, example.First, example.Second);

    // only a sequence that is full can be cut
    private bool IsCut(Encoding encoding, string first, string? second) =>
        encoding.Ids.Length >= maxLength && tokenizer.Encode(first, second, int.MaxValue).Ids.Length > encoding.Ids.Length;

    private Encoding Encode(string first, string? second) => VocabularyCheck.Check(tokenizer, tokenizer.Encode(first, second, maxLength), vocabularySize);
}
