namespace Spindle.Data.Text;

/// <summary>Turns text into the token ids of a backbone, and ids into text.</summary>
/// <remarks>
/// What every implementation holds to, whatever the text (lone surrogates count as U+FFFD):
/// an encoding is never longer than asked for; its ids and segments are of one length; every id is from 0 up to, not including, <see cref="VocabularySize"/>;
/// the same text gives the same ids; <see cref="TokenOf"/> and <see cref="IdOf"/> undo each other; ids outside the vocabulary decode to nothing;
/// several threads may use one tokenizer at once.
/// </remarks>
public interface ITextTokenizer
{
    /// <summary>One more than the largest id (an embedding may have more rows than that).</summary>
    int VocabularySize { get; }

    /// <summary>The id that pads a sequence.</summary>
    int PaddingId { get; }

    /// <summary>The ids that a model gives a meaning to.</summary>
    SpecialIds Special { get; }

    /// <summary>A sentence or a pair as one sequence with its special tokens; what is too long is cut at its end, the longer sentence first.</summary>
    /// <param name="first">The sentence.</param>
    /// <param name="second">The second sentence of a pair, or null.</param>
    /// <param name="maxLength">The longest sequence, special tokens among them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The special tokens alone are longer than <paramref name="maxLength"/>.</exception>
    Encoding Encode(string first, string? second, int maxLength);

    /// <summary>The text of ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="keepSpecialTokens">Whether special tokens are written out; they are left out otherwise.</param>
    string Decode(IReadOnlyList<int> ids, bool keepSpecialTokens = false);

    /// <summary>The token of an id, or null where there is none.</summary>
    /// <param name="id">Any number.</param>
    string? TokenOf(int id);

    /// <summary>The id of a token, or null where there is none.</summary>
    /// <param name="token">The token as the vocabulary writes it (<c>##able</c>, <c>Ġthe</c>, <c>▁the</c>).</param>
    int? IdOf(string token);
}

/// <summary>A token sequence.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="TypeIds">The segment of each token: 0 for the first sentence, 1 for the second (0 throughout where the family knows no segments).</param>
public sealed record Encoding(int[] Ids, int[] TypeIds);
