using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text.Files;

/// <summary>Reads vocabularies written as a JSON object of tokens and ids.</summary>
internal static class VocabularyFile
{
    /// <exception cref="InvalidDataException">It is not an object of ids, an id is given twice, or the ids lie far apart.</exception>
    public static Vocabulary Read(JsonPart part)
    {
        // the ids first: tokens are kept only once it is known where they go
        var (count, largest) = (0, -1);
        foreach (var (_, id) in part.Entries()) (count, largest) = (count + 1, Math.Max(largest, id.Number(Vocabulary.Largest)));
        // some vocabularies have gaps, none is mostly gap
        if (largest > 2L * count + 1024)
            throw part.Error(FormattableString.Invariant($"has {count} tokens but an id {largest}; download the file again"));
        var tokens = new string?[largest + 1];
        foreach (var (token, value) in part.Entries())
        {
            var id = value.Number(Vocabulary.Largest);
            if (tokens[id] is not null) throw value.Error(FormattableString.Invariant($"has the id {id} of another token; download the file again"));
            tokens[id] = token;
        }
        return new(tokens);
    }
}
