namespace Spindle.Models.Generation;

/// <summary>Predicts the next token for several rows at a time, and remembers the tokens it has read.
/// Contract: a call reads one token per row. Each row continues a row of the previous call; a row may be continued several times or not at all.</summary>
public interface INextTokenModel
{
    /// <summary>The number of tokens in the vocabulary.</summary>
    int VocabularySize { get; }

    /// <summary>Reads one token per row.</summary>
    /// <param name="parents">For every row, the row of the previous call that it continues; in the first call, its source.</param>
    /// <param name="tokens">The next token of every row.</param>
    /// <returns>The log-probabilities of the next token, <c>[row, vocabulary]</c> flattened, from the start of the array. The caller may change it, and the
    /// next call may overwrite it.</returns>
    float[] Read(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens);
}
