namespace Spindle.Data.Tests.Text;

/// <summary>Texts of any characters at all, and of those that are hard for tokenizers.</summary>
internal static class AnyText
{
    private static readonly string[] Hard =
    [
        "a", "ab", "aab", "b", "the", " ", "  ", "\t", "\n", "\r\n", "'s", "'ll", "'", "1", "½", "é", "e\u0301", "İ", "ﬀ", "Ａ", "中", "😀", "▁", "Ġ", "\0", "\u0007", "\u00A0",
        "\u200B", "\u3000", "\u0085", "\uFFFD", "\uFFFE", "\uFFFF", "\uFDD0", "\U0001FFFE", "\U0010FFFF", "\u0600", "<", "[", "[SEP", "[MASK]", "<s", "<mask>", "</s>", "<pad>", "<unk>",
        "<extra_id_0>", "<extra_id_99>", "<extra_id_100>",
    ];

    /// <summary>Lone surrogates among them.</summary>
    public static Gen<string> Broken { get; } = Gen.OneOf(Piece(), Gen.Char.Select(character => character.ToString()), Gen.Int[0, 1].Select(index => index == 0 ? "\uD800" : "\uDC00"))
        .Array[0, 40].Select(string.Concat);

    /// <summary>Well-formed throughout.</summary>
    public static Gen<string> WellFormed { get; } = Piece().Array[0, 40].Select(string.Concat);

    private static Gen<string> Piece() => Gen.OneOf(
        Gen.Int[0, Hard.Length - 1].Select(index => Hard[index]),
        Gen.Int[0x20, 0x7E].Select(char.ConvertFromUtf32),
        Gen.Int[0, 0xD7FF].Select(char.ConvertFromUtf32),
        Gen.Int[0xE000, 0x10FFFF].Select(char.ConvertFromUtf32));
}
