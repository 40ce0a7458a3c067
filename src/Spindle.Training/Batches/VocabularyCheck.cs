using Spindle.Data.Text;

namespace Spindle.Training.Batches;

/// <summary>Checks that a backbone's vocabulary holds every token that its tokenizer gives.</summary>
internal static class VocabularyCheck
{
    /// <summary>The encoding itself, once every id was checked.</summary>
    /// <exception cref="InvalidDataException">An id is outside the backbone's vocabulary.</exception>
    public static Encoding Check(ITextTokenizer tokenizer, Encoding encoding, int vocabularySize)
    {
        foreach (var id in encoding.Ids)
            if (id >= vocabularySize)
                throw new InvalidDataException($"the tokenizer gives token '{tokenizer.TokenOf(id)}' the id {id}, but the backbone's vocabulary has {vocabularySize} tokens; "
                    + "put the tokenizer's files that belong to the backbone into its folder");
        return encoding;
    }
}
