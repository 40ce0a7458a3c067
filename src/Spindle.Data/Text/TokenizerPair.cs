namespace Spindle.Data.Text;

/// <summary>The tokenizers of an encoder-decoder: of what it reads and of what it writes; one and the same in most families.</summary>
/// <param name="Source">Of what it reads.</param>
/// <param name="Target">Of what it writes.</param>
public sealed record TokenizerPair(ITextTokenizer Source, ITextTokenizer Target);
