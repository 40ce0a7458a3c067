using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text.Files;

/// <summary>A family of tokenizers: its files, and the special tokens that it has where its files name no others.</summary>
/// <param name="Name">The family, as messages name it.</param>
/// <param name="Defaults">The token of each role.</param>
/// <param name="Required">The roles that no vocabulary of the family does without.</param>
internal sealed record TokenFamily(string Name, IReadOnlyDictionary<string, string> Defaults, IReadOnlyList<string> Required)
{
    /// <summary>Every role, as Hugging Face's files name it.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>The places of a sentence and of a pair where <c>tokenizer.json</c> names no others.</summary>
    public required Func<SpecialNames, SequenceTemplate> Template { get; init; }

    /// <summary>The model types of the family's checkpoints, as Hugging Face names them.</summary>
    public required IReadOnlyList<string> ModelTypes { get; init; }

    /// <summary>The family's own vocabulary files.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The same, as messages name them.</summary>
    public string FileList => string.Join(" and ", Files);

    /// <summary>Loads a tokenizer from a folder with these files.</summary>
    public required Func<string, ITextTokenizer> Load { get; init; }

    /// <summary>The role of the token that a decoder reads first, or null if the family has no decoder.</summary>
    public string? DecoderStart { get; init; }

    /// <summary>Whether the mask takes the blank before it: always, never, or only in a checkpoint's folder, since a bare vocabulary has no class that says so.</summary>
    public MaskBlank MaskBlank { get; init; }

    /// <summary>A token that text may hold although no role names it, or null.</summary>
    public string? TextToken { get; init; }

    /// <summary>The family of a vocabulary of words and their pieces: as the files beside it say, or else as its special tokens say.</summary>
    public static TokenFamily OfWords(FolderSettings settings, Vocabulary vocabulary) => settings.IsOf(MPNet)
        || (!settings.IsOf(Bert) && MPNet.Required.All(role => vocabulary.IdOf(MPNet.Defaults[role]) is not null)) ? MPNet : Bert;

    /// <summary>The family of a byte-level vocabulary.</summary>
    public static TokenFamily OfBytes(FolderSettings settings) => settings.IsOf(Bart) ? Bart : Roberta;

    public static TokenFamily Bert { get; } = new(
        "BERT",
        new Dictionary<string, string>
        {
            ["pad_token"] = "[PAD]",
            ["unk_token"] = "[UNK]",
            ["cls_token"] = "[CLS]",
            ["sep_token"] = "[SEP]",
            ["mask_token"] = "[MASK]",
        },
        ["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"])
    {
        ModelTypes = ["bert"],
        Files = ["vocab.txt"],
        Load = folder => WordPieceTokenizer.Load(folder),
        Template = names => SequenceTemplate.Bert(names.Id("cls_token"), names.Id("sep_token")),
    };

    /// <summary>BERT's words between RoBERTa's special tokens.</summary>
    public static TokenFamily MPNet { get; } = new(
        "MPNet",
        new Dictionary<string, string>
        {
            ["bos_token"] = "<s>",
            ["eos_token"] = "</s>",
            ["unk_token"] = "[UNK]",
            ["sep_token"] = "</s>",
            ["pad_token"] = "<pad>",
            ["cls_token"] = "<s>",
            ["mask_token"] = "<mask>",
        },
        ["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"])
    {
        ModelTypes = ["mpnet"],
        Files = ["vocab.txt"],
        Load = folder => WordPieceTokenizer.Load(folder),
        MaskBlank = MaskBlank.Always,
        // the vocabulary keeps RoBERTa's unknown token beside BERT's, and tokenizer.json finds it in text
        TextToken = "<unk>",
        Template = names => SequenceTemplate.Roberta(names.Id("cls_token"), names.Id("sep_token")),
    };

    public static TokenFamily Roberta { get; } = new(
        "RoBERTa or BART",
        new Dictionary<string, string>
        {
            ["bos_token"] = "<s>",
            ["eos_token"] = "</s>",
            ["unk_token"] = "<unk>",
            ["sep_token"] = "</s>",
            ["pad_token"] = "<pad>",
            ["cls_token"] = "<s>",
            ["mask_token"] = "<mask>",
        },
        ["cls_token", "sep_token", "pad_token"])
    {
        ModelTypes = ["roberta"],
        Files = ["vocab.json", "merges.txt"],
        Load = folder => ByteLevelTokenizer.Load(folder),
        MaskBlank = MaskBlank.InCheckpoints,
        Template = names => SequenceTemplate.Roberta(names.Id("cls_token"), names.Id("sep_token")),
    };

    /// <summary>RoBERTa's tokens; the decoder starts with the end of a sequence.</summary>
    public static TokenFamily Bart { get; } = Roberta with { ModelTypes = ["bart"], DecoderStart = "eos_token" };

    public static TokenFamily T5 { get; } = new(
        "T5",
        new Dictionary<string, string> { ["eos_token"] = "</s>", ["unk_token"] = "<unk>", ["pad_token"] = "<pad>" },
        ["eos_token", "unk_token", "pad_token"])
    {
        ModelTypes = ["t5"],
        Files = ["spiece.model"],
        Load = folder => UnigramTokenizer.Load(folder),
        DecoderStart = "pad_token",
        Template = names => SequenceTemplate.T5(names.Id("eos_token")),
    };

    /// <summary>Every family.</summary>
    public static IReadOnlyList<TokenFamily> All { get; } = [Bert, MPNet, Roberta, Bart, T5];
}

/// <summary>Whether a family's mask takes the blank before it.</summary>
internal enum MaskBlank
{
    Never,
    Always,
    InCheckpoints,
}
