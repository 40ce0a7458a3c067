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
public sealed class ExampleEncoder(ITextTokenizer tokenizer, int maxLength, bool pairsApart)
{
    /// <summary>The longest sequence in tokens.</summary>
    public int MaxLength => maxLength;

    /// <summary>The id that pads a sequence.</summary>
    public int PaddingId => tokenizer.PaddingId;

    /// <summary>A row as token ids.</summary>
    public EncodedExample Encode(Example example) => pairsApart && example.Second is not null
        ? new(tokenizer.Encode(example.First, null, maxLength), tokenizer.Encode(example.Second, null, maxLength), example.Label)
        : new(tokenizer.Encode(example.First, example.Second, maxLength), null, example.Label);

    /// <summary>Rows as token ids.</summary>
    public IReadOnlyList<EncodedExample> Encode(IReadOnlyList<Example> examples) => [.. examples.Select(Encode)];
}
