namespace Spindle.Models.Generation;

/// <summary>Tells how likely every token is to follow, for several rows at a time, and remembers what it has read.
/// Contract: a call reads one token a row; each row goes on from a row of the call before, which may go on into several rows or none.</summary>
public interface INextTokenModel
{
    /// <summary>The number of tokens that there are.</summary>
    int VocabularySize { get; }

    /// <summary>Reads a token a row.</summary>
    /// <param name="parents">For every row the row of the call before that it goes on from; at the first call the source that it reads.</param>
    /// <param name="tokens">The token that every row reads.</param>
    /// <returns>The log-probabilities of what follows, <c>[row, vocabulary]</c> flattened, from the array's start on; the caller may write into it,
    /// and the next call may write over it.</returns>
    float[] Read(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens);
}
