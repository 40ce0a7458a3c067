namespace Spindle.Data.Text.Files;

/// <summary>The special tokens that a family of tokenizers has where its files name no others.</summary>
/// <param name="Name">The family, as messages name it.</param>
/// <param name="Defaults">The token of each role.</param>
/// <param name="Required">The roles that no vocabulary of the family does without.</param>
internal sealed record TokenFamily(string Name, IReadOnlyDictionary<string, string> Defaults, IReadOnlyList<string> Required)
{
    /// <summary>Every role, as Hugging Face's files name it.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

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
        ["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"]);

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
        ["cls_token", "sep_token", "pad_token"]);

    public static TokenFamily T5 { get; } = new(
        "T5",
        new Dictionary<string, string> { ["eos_token"] = "</s>", ["unk_token"] = "<unk>", ["pad_token"] = "<pad>" },
        ["eos_token", "unk_token", "pad_token"]);
}
