using Spindle.Data.Text.Files;

namespace Spindle.Data.Text;

/// <summary>Finds the tokenizer of a checkpoint's folder by its files.</summary>
public static class TextTokenizers
{
    /// <summary>Loads the input and the output tokenizer of a checkpoint. They are the same, except in models that convert spelling to phonemes.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no known vocabulary.</exception>
    /// <exception cref="InvalidDataException">The vocabulary is damaged, or its kind is not supported.</exception>
    public static TokenizerPair LoadPair(string folder)
    {
        if (CharacterTokenizer.Find(folder) is { } characters) return characters;
        var tokenizer = Load(folder);
        return new(tokenizer, tokenizer);
    }

    /// <summary>Loads the tokenizer of a folder in the Hub's layout. Reads <c>tokenizer.json</c> if the folder has one, otherwise the family's own files:
    /// <c>spiece.model</c> (T5), <c>vocab.json</c> with <c>merges.txt</c> (RoBERTa, BART) or <c>vocab.txt</c> (BERT, MPNet). The settings of <c>tokenizer_config.json</c>,
    /// <c>special_tokens_map.json</c>, <c>added_tokens.json</c>, <c>config.json</c> and <c>generation_config.json</c> apply, except lengths to cut or pad to, which are up to the caller.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no known vocabulary.</exception>
    /// <exception cref="InvalidDataException">The vocabulary is damaged, or its kind is not supported.</exception>
    public static ITextTokenizer Load(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such folder; name a checkpoint's");
        var settings = FolderSettings.Read(folder);
        if (Has(TokenizerFile.Name)) return TokenizerFile.Load(folder);
        TokenFamily[] present = [.. TokenFamily.All.Where(family => family.Files.Any(Has))];
        // of several, the one that the checkpoint's own family uses
        if ((present.LastOrDefault(settings.IsOf) ?? present.FirstOrDefault()) is { } chosen) return chosen.Load(folder);
        var wanted = TokenFamily.All.FirstOrDefault(settings.IsOf)?.FileList ?? string.Join(", or ", TokenFamily.All
            .GroupBy(family => family.FileList, (files, families) => $"{files} ({string.Join(" or ", families.Select(family => family.Name).Distinct())})"));
        throw new FileNotFoundException($"{folder}: has no vocabulary; put {wanted} there, or {TokenizerFile.Name}", folder);

        bool Has(string file) => File.Exists(Path.Combine(folder, file));
    }
}
