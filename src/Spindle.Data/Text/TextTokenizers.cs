using Spindle.Data.Text.Files;

namespace Spindle.Data.Text;

/// <summary>Finds the tokenizer of a checkpoint's folder by the files that it holds.</summary>
public static class TextTokenizers
{
    /// <summary>Loads the tokenizers of what a checkpoint reads and of what it writes: one and the same, but for models between spelling and sound.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no vocabulary that is known.</exception>
    /// <exception cref="InvalidDataException">The vocabulary is damaged, or of a kind that is not read.</exception>
    public static TokenizerPair LoadPair(string folder)
    {
        if (CharacterTokenizer.Find(folder) is { } characters) return characters;
        var tokenizer = Load(folder);
        return new(tokenizer, tokenizer);
    }

    /// <summary>Loads the tokenizer of a folder in the Hub's layout: <c>tokenizer.json</c> where it is there (it says all), or else the family's own files,
    /// <c>spiece.model</c> (T5), <c>vocab.json</c> with <c>merges.txt</c> (RoBERTa, BART) or <c>vocab.txt</c> (BERT, MPNet). What <c>tokenizer_config.json</c>,
    /// <c>special_tokens_map.json</c>, <c>added_tokens.json</c>, <c>config.json</c> and <c>generation_config.json</c> say of them is followed;
    /// a length to cut or pad to is the caller's business and not read.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no vocabulary that is known.</exception>
    /// <exception cref="InvalidDataException">The vocabulary is damaged, or of a kind that is not read.</exception>
    public static ITextTokenizer Load(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such folder; name a checkpoint's");
        var settings = FolderSettings.Read(folder);
        if (Has(TokenizerFile.Name)) return TokenizerFile.Load(folder);
        var (words, bytes, pieces) = (Has("vocab.txt"), Has("vocab.json") || Has("merges.txt"), Has("spiece.model"));
        // of several, the one that the checkpoint's own family uses
        if (pieces && (settings.IsOf(TokenFamily.T5) || (!words && !bytes))) return UnigramTokenizer.Load(folder);
        if (bytes && (settings.IsOf(TokenFamily.Roberta) || settings.IsOf(TokenFamily.Bart) || !words)) return ByteLevelTokenizer.Load(folder);
        if (words) return WordPieceTokenizer.Load(folder);
        if (bytes) return ByteLevelTokenizer.Load(folder);
        var wanted = TokenFamily.All.FirstOrDefault(settings.IsOf)?.Files ?? "vocab.txt (BERT), vocab.json with merges.txt (RoBERTa, BART) or spiece.model (T5)";
        throw new FileNotFoundException($"{folder}: holds no vocabulary; put {wanted} there, or {TokenizerFile.Name}", folder);

        bool Has(string file) => File.Exists(Path.Combine(folder, file));
    }
}
