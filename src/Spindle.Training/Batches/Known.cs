using Spindle.Data.Text;

namespace Spindle.Training.Batches;

/// <summary>Tokens that a backbone knows.</summary>
internal static class Known
{
    /// <summary>An encoding, every token of which the backbone knows.</summary>
    /// <exception cref="InvalidDataException">It does not know one.</exception>
    public static Encoding Of(ITextTokenizer tokenizer, Encoding encoding, int vocabularySize)
    {
        foreach (var id in encoding.Ids)
            if (id >= vocabularySize)
                throw new InvalidDataException($"the tokenizer gives token '{tokenizer.TokenOf(id)}' the id {id}, where the backbone knows {vocabularySize} tokens; "
                    + "put the tokenizer's files that belong to the backbone into its folder");
        return encoding;
    }
}
