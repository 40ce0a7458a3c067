using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text.Files;

/// <summary>Reads vocabularies written as a JSON object of tokens and ids.</summary>
internal static class VocabularyFile
{
    /// <exception cref="InvalidDataException">It is no object of ids, an id stands twice, or the ids lie far apart.</exception>
    public static Vocabulary Of(JsonPart part)
    {
        var entries = part.Entries().Select(entry => (entry.Key, Id: entry.Value.Number(Vocabulary.Largest), entry.Value)).ToList();
        // some vocabularies have gaps, none is mostly gap
        var largest = entries.Count == 0 ? -1 : entries.Max(entry => entry.Id);
        if (largest > 2L * entries.Count + 1024)
            throw part.Error(FormattableString.Invariant($"has {entries.Count} tokens but an id {largest}; fetch the file anew"));
        var tokens = new string?[largest + 1];
        foreach (var (token, id, value) in entries)
        {
            if (tokens[id] is not null) throw value.Error(FormattableString.Invariant($"has the id {id} of another token; fetch the file anew"));
            tokens[id] = token;
        }
        return new(tokens);
    }
}
