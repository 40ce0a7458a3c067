using Spindle.Data.Text;

namespace Spindle.Training.Batches;

/// <summary>Checks that a backbone's vocabulary contains every token id that its tokenizer returns.</summary>
internal static class VocabularyCheck
{
    /// <summary>Returns the encoding if all its ids are in the vocabulary.</summary>
    /// <exception cref="InvalidDataException">An id is outside the backbone's vocabulary.</exception>
    public static Encoding Check(ITextTokenizer tokenizer, Encoding encoding, int vocabularySize)
    {
        foreach (var id in encoding.Ids)
            if (id >= vocabularySize)
                throw new InvalidDataException($"the tokenizer maps '{tokenizer.TokenOf(id)}' to the id {id}, but the backbone's vocabulary has only {vocabularySize} tokens; "
                    + "replace the tokenizer's files in the backbone's folder with those that belong to the backbone");
        return encoding;
    }
}
