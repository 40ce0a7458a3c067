namespace Spindle.Data.Text;

/// <summary>Turns text into the token ids of a backbone.</summary>
public interface ITextTokenizer
{
    /// <summary>The number of ids.</summary>
    int VocabularySize { get; }

    /// <summary>The id that pads a sequence.</summary>
    int PaddingId { get; }

    /// <summary>A sentence or a pair as one sequence with its special tokens; what is too long is cut, the longer sentence first.</summary>
    /// <param name="first">The sentence.</param>
    /// <param name="second">The second sentence of a pair, or null.</param>
    /// <param name="maxLength">The longest sequence, special tokens among them.</param>
    Encoding Encode(string first, string? second, int maxLength);

    /// <summary>The text of ids, special tokens left out.</summary>
    string Decode(IReadOnlyList<int> ids);
}

/// <summary>A token sequence.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="TypeIds">The segment of each token: 0 for the first sentence, 1 for the second.</param>
public sealed record Encoding(int[] Ids, int[] TypeIds);
