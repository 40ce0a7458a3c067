namespace Spindle.Data.Text;

/// <summary>Finds the tokenizer of a checkpoint's folder by the files that it holds.</summary>
public static class TextTokenizers
{
    /// <summary>Loads the tokenizer of a folder in the Hub's layout.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no vocabulary that is known.</exception>
    /// <exception cref="InvalidDataException">The vocabulary is damaged.</exception>
    public static ITextTokenizer Load(string folder) => WordPieceTokenizer.Load(folder);
}
