namespace Spindle.Data.Text.WordPiece;

/// <summary>What <c>tokenizer.json</c> can set of a WordPiece vocabulary.</summary>
/// <param name="Unknown">The token of a word that cannot be cut into pieces.</param>
/// <param name="Continuation">What a piece begins with that goes on with a word.</param>
/// <param name="LongestWord">The most characters of a word; a longer one is unknown.</param>
/// <param name="CleansUp">Whether decoding draws punctuation to the word before it.</param>
internal sealed record WordPieceRules(string Unknown, string Continuation, int LongestWord, bool CleansUp)
{
    public static WordPieceRules Bert { get; } = new("[UNK]", "##", 100, true);
}
