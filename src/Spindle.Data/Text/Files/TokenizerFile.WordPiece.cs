using Spindle.Data.Text.WordPiece;

namespace Spindle.Data.Text.Files;

internal sealed partial class TokenizerFile
{
    private const int LongestWord = 1_000_000;

    private WordPieceTokenizer WordPiece(JsonPart model)
    {
        var (normaliser, decoder) = (root["normalizer"], root["decoder"]);
        RequireType(normaliser, "BertNormalizer");
        RequireType(root["pre_tokenizer"], "BertPreTokenizer");
        RequireType(decoder, "WordPiece");
        var options = new WordPieceOptions
        {
            LowerCase = normaliser.RequiredFlag("lowercase"),
            StripAccents = normaliser.Flag("strip_accents"),
            TokenizeChineseCharacters = normaliser.RequiredFlag("handle_chinese_chars"),
            CleanText = normaliser.RequiredFlag("clean_text"),
        };
        var vocabulary = VocabularyFile.Read(model["vocab"]);
        var rules = new WordPieceRules(
            model["unk_token"].Text(),
            model.Text("continuing_subword_prefix") ?? WordPieceRules.Bert.Continuation,
            model.Number("max_input_chars_per_word", LongestWord) ?? WordPieceRules.Bert.LongestWord,
            decoder.Flag("cleanup") ?? true);
        if (vocabulary.IdOf(rules.Unknown) is null)
            throw model["unk_token"].Error("is not a token of the vocabulary; download the file again");
        if (decoder.Text("prefix") is { } prefix && prefix != rules.Continuation)
            throw decoder["prefix"].Error("is not the vocabulary's own, which is not read; use vocab.txt");
        var parts = Parts(vocabulary, TokenFamily.OfWords(settings, vocabulary));
        return new(parts, settings.WordPiece(options), rules);
    }
}
