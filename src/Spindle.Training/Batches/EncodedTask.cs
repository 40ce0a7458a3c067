using Spindle.Data.Tasks;
using Spindle.Data.Text;

namespace Spindle.Training.Batches;

/// <summary>A task's rows as token ids, ready to train on.</summary>
/// <param name="Task">The task.</param>
/// <param name="Train">The training rows.</param>
/// <param name="Validation">The validation splits by name.</param>
public sealed record EncodedTask(
    TaskDefinition Task,
    IReadOnlyList<EncodedExample> Train,
    IReadOnlyList<(string Name, IReadOnlyList<EncodedExample> Rows)> Validation);

/// <summary>Turns rows into token ids as a head wants them.</summary>
/// <param name="tokenizer">The backbone's tokenizer.</param>
/// <param name="maxLength">The longest sequence in tokens.</param>
/// <param name="pairsApart">Whether the sentences of a pair are two sequences.</param>
/// <param name="vocabularySize">The number of tokens that the backbone knows.</param>
public sealed class ExampleEncoder(ITextTokenizer tokenizer, int maxLength, bool pairsApart, int vocabularySize)
{
    /// <summary>The longest sequence in tokens.</summary>
    public int MaxLength => maxLength;

    /// <summary>The id that pads a sequence.</summary>
    public int PaddingId => tokenizer.PaddingId;

    /// <summary>A row as token ids.</summary>
    /// <exception cref="InvalidDataException">The tokenizer gives a token that the backbone does not know.</exception>
    public EncodedExample Encode(Example example) => pairsApart && example.Second is not null
        ? new(Encode(example.First, null), Encode(example.Second, null), example.Label)
        : new(Encode(example.First, example.Second), null, example.Label);

    /// <summary>Rows as token ids.</summary>
    public IReadOnlyList<EncodedExample> Encode(IReadOnlyList<Example> examples) => [.. examples.Select(Encode)];

    private Encoding Encode(string first, string? second)
    {
        var encoding = tokenizer.Encode(first, second, maxLength);
        foreach (var id in encoding.Ids)
            if (id >= vocabularySize)
                throw new InvalidDataException($"the tokenizer gives token '{tokenizer.TokenOf(id)}' the id {id}, where the backbone knows {vocabularySize} tokens; "
                    + "put the tokenizer's files that belong to the backbone into its folder");
        return encoding;
    }
}
