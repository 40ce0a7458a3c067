using System.Text.Json.Nodes;
using Spindle.Data.Text;

namespace Spindle.Data.Tests.Text;

/// <summary>Which tokenizer a folder has, and what of <c>tokenizer.json</c> is read.</summary>
public sealed class TextTokenizersTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_files_of_a_folder_choose_the_tokenizer()
    {
        SmallTokenizers.WriteWordPiece(scratch, "bert");
        SmallTokenizers.WriteByteLevel(scratch, "roberta");
        SmallTokenizers.WriteUnigram(scratch, "t5");
        Assert.IsType<WordPieceTokenizer>(Load("bert"));
        Assert.IsType<ByteLevelTokenizer>(Load("roberta"));
        Assert.IsType<UnigramTokenizer>(Load("t5"));
        // one file says all
        scratch.Write("bert/tokenizer.json", SmallTokenizers.UnigramJson().ToJsonString());
        Assert.IsType<UnigramTokenizer>(Load("bert"));
    }

    [Theory]
    [InlineData("""{"model_type": "t5"}""", typeof(UnigramTokenizer))]
    [InlineData("""{"model_type": "roberta"}""", typeof(ByteLevelTokenizer))]
    [InlineData("""{"model_type": "bart"}""", typeof(ByteLevelTokenizer))]
    [InlineData("""{"model_type": "bert"}""", typeof(WordPieceTokenizer))]
    [InlineData("""{"model_type": "another"}""", typeof(WordPieceTokenizer))]
    public void Of_several_vocabularies_the_family_decides(string config, Type type)
    {
        SmallTokenizers.WriteWordPiece(scratch, ".");
        SmallTokenizers.WriteByteLevel(scratch, ".");
        SmallTokenizers.WriteUnigram(scratch, ".");
        scratch.Write("config.json", config);
        Assert.IsType(type, Load("."));
    }

    [Theory]
    [InlineData(null, "put vocab.txt (BERT or MPNet), or vocab.json and merges.txt (RoBERTa or BART), or spiece.model (T5) there, or tokenizer.json")]
    [InlineData("""{"model_type": "t5"}""", "put spiece.model there")]
    [InlineData("""{"model_type": "bart"}""", "put vocab.json and merges.txt there")]
    [InlineData("""{"model_type": "bert"}""", "put vocab.txt there")]
    [InlineData("""{"model_type": "mpnet"}""", "put vocab.txt there")]
    public void What_is_missing_is_named(string? config, string message)
    {
        Assert.Contains("no such folder", Assert.Throws<DirectoryNotFoundException>(() => Load("nowhere")).Message, StringComparison.Ordinal);
        if (config is not null) scratch.Write("config.json", config);
        Assert.Contains(message, Assert.Throws<FileNotFoundException>(() => Load(".")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WordPiece", "model.type", "\"WordLevel\"", "model 'WordLevel' is not read")]
    [InlineData("WordPiece", "normalizer", """{"type":"Lowercase"}""", "normalizer 'Lowercase' is not read")]
    [InlineData("WordPiece", "normalizer", "null", "normalizer 'null' is not read")]
    [InlineData("WordPiece", "normalizer", """{"type":"BertNormalizer"}""", "normalizer.lowercase is not true or false")]
    [InlineData("WordPiece", "pre_tokenizer", """{"type":"Whitespace"}""", "pre_tokenizer 'Whitespace' is not read")]
    [InlineData("WordPiece", "post_processor", """{"type":"Sequence"}""", "post_processor 'Sequence' is not read")]
    [InlineData("WordPiece", "post_processor", """{"type":"BertProcessing","cls":["[CLS]",99],"sep":["[SEP]",3]}""", "post_processor.cls[1] is not an id of the vocabulary")]
    [InlineData("WordPiece", "decoder", """{"type":"BPEDecoder"}""", "decoder 'BPEDecoder' is not read")]
    [InlineData("WordPiece", "model.unk_token", "\"none\"", "model.unk_token is not a token")]
    [InlineData("WordPiece", "model.vocab", "[]", "model.vocab is not an object")]
    [InlineData("byte-level", "normalizer", """{"type":"NFC"}""", "normalizer 'NFC' is not read")]
    [InlineData("byte-level", "pre_tokenizer", """{"type":"Sequence"}""", "pre_tokenizer 'Sequence' is not read")]
    [InlineData("byte-level", "pre_tokenizer", """{"type":"ByteLevel","use_regex":false}""", "pre_tokenizer.use_regex is false")]
    [InlineData("byte-level", "model.dropout", "0.1", "model.dropout is set")]
    [InlineData("byte-level", "model.byte_fallback", "true", "model.byte_fallback is set")]
    [InlineData("byte-level", "model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix is set")]
    [InlineData("byte-level", "model.merges", """["a b", "q"]""", "model.merges[1] is not a pair")]
    [InlineData("byte-level", "model.merges", """["a b", "q q"]""", "model.merges[1] makes a piece")]
    [InlineData("Unigram", "model.unk_id", "null", "model.unk_id is not a whole number")]
    [InlineData("Unigram", "model.byte_fallback", "true", "model.byte_fallback is set")]
    [InlineData("Unigram", "model.vocab", """[["<pad>", 0]]""", "model.unk_id is not a whole number from 0 to 0")]
    [InlineData("Unigram", "model.vocab", """[["<pad>"]]""", "model.vocab[0] is not a piece with its score")]
    [InlineData("Unigram", "normalizer", """{"type":"NFKC"}""", "normalizer 'NFKC' is not read")]
    [InlineData("Unigram", "normalizer", """{"type":"Precompiled","precompiled_charsmap":"???"}""", "precompiled_charsmap is not base64")]
    [InlineData("Unigram", "normalizer", """{"type":"Precompiled","precompiled_charsmap":"/////w=="}""", "precompiled_charsmap is damaged")]
    [InlineData("Unigram", "normalizer", """{"type":"Replace","pattern":{"Regex":"x"},"content":""}""", "'x' is not read")]
    [InlineData("Unigram", "pre_tokenizer", """{"type":"Metaspace","replacement":"__"}""", "replacement is not one character")]
    [InlineData("Unigram", "pre_tokenizer", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"never"}""", "treats the first blank in another way")]
    [InlineData("Unigram", "post_processor", """{"type":"TemplateProcessing","single":[],"pair":[],"special_tokens":{}}""", "does not hold each sentence once")]
    [InlineData("Unigram", "added_tokens", """[{"id":0}]""", "added_tokens[0].content is not a text")]
    public void Pieces_of_tokenizer_json_that_the_families_do_not_use_are_refused_by_name(string family, string place, string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => LoadJson(family, place, json));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(Path.Combine(scratch.Folder, "tokenizer.json"), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Old_ways_to_write_a_file_are_read_too()
    {
        var merges = new JsonArray([.. SmallTokenizers.Merges.Select(merge => (JsonNode)$"{merge.Left} {merge.Right}")]);
        Assert.Equal("<s> abab </s>", Tokens(LoadJson("byte-level", "model.merges", merges.ToJsonString()), "abab"));
        Assert.Equal("▁a ▁a </s>", Tokens(LoadJson("Unigram", "pre_tokenizer", """{"type":"Metaspace","replacement":"▁","add_prefix_space":true}"""), "a a"));
        const string Both = """{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Metaspace","replacement":"▁","add_prefix_space":true}]}""";
        Assert.Equal("▁a ▁a ▁a </s>", Tokens(LoadJson("Unigram", "pre_tokenizer", Both), " a   a\u2003a "));
        Assert.Equal("▁a ▁a </s>", Tokens(LoadJson("Unigram", "normalizer", """{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}"""), "a  a"));
        Assert.IsType<UnigramTokenizer>(LoadJson("Unigram", "model.type", "null"));
        Assert.IsType<ByteLevelTokenizer>(LoadJson("byte-level", "model.type", "null"));
        Assert.IsType<WordPieceTokenizer>(LoadJson("WordPiece", "model.type", "null"));
    }

    [Fact]
    public void The_template_of_a_file_is_followed()
    {
        const string Template = """
            {"type":"TemplateProcessing",
             "single":[{"SpecialToken":{"id":"[SEP]","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
             "pair":[{"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"[SEP]","type_id":1}},{"Sequence":{"id":"A","type_id":0}}],
             "special_tokens":{"[SEP]":{"id":"[SEP]","ids":[3,4],"tokens":["[SEP]","[MASK]"]}}}
            """;
        var tokenizer = LoadJson("WordPiece", "post_processor", Template);
        Assert.Equal([3, 4, 5], tokenizer.Encode("a", null, 10).Ids);
        var pair = tokenizer.Encode("a", "b b", 10);
        Assert.Equal([7, 7, 3, 4, 5], pair.Ids);
        Assert.Equal([1, 1, 1, 1, 0], pair.TypeIds);
    }

    [Fact]
    public void What_tokenizer_config_says_counts_more_than_tokenizer_json()
    {
        scratch.Write("tokenizer_config.json", """{"do_lower_case": false, "add_prefix_space": true}""");
        Assert.Equal("[CLS] [UNK] [SEP]", Tokens(LoadJson("WordPiece", "model.type", "\"WordPiece\""), "A"));
        Assert.Equal("<s> Ġa </s>", Tokens(LoadJson("byte-level", "model.type", "\"BPE\""), "a"));
    }

    [Fact]
    public void Added_tokens_are_found_as_their_flags_say()
    {
        const string Added = """
            [{"id":18,"content":"the b","single_word":true,"special":false},
             {"id":19,"content":"the","lstrip":true,"rstrip":true,"special":true},
             {"id":20,"content":"BIG","normalized":true,"special":false},
             {"id":0,"content":"[PAD]","special":true}]
            """;
        var tokenizer = LoadJson("WordPiece", "added_tokens", Added);
        Assert.Equal(21, tokenizer.VocabularySize);
        // the longest at one place, but not within a word; what is cut off for being no word alone is not looked at again
        Assert.Equal("a the b a", Inner("a the b a"));
        Assert.Equal("18", string.Join(' ', tokenizer.Encode("the b", null, 10).Ids[1..^1]));
        Assert.Equal("5 19 5", string.Join(' ', tokenizer.Encode("a  the\ta", null, 10).Ids[1..^1]));
        Assert.Equal("20 20", string.Join(' ', tokenizer.Encode("BIG big", null, 10).Ids[1..^1]));
        Assert.Equal("a", tokenizer.Decode([5, 19]));
        Assert.Equal("a BIG", tokenizer.Decode([5, 20]));

        string Inner(string text) => string.Join(' ', tokenizer.Encode(text, null, 20).Ids[1..^1].Select(tokenizer.TokenOf));
    }

    [Fact]
    public void Added_tokens_of_a_folder_are_read()
    {
        SmallTokenizers.WriteWordPiece(scratch, ".");
        scratch.Write("added_tokens.json", """{"new": 18}""");
        scratch.Write("special_tokens_map.json", """{"additional_special_tokens": ["new"], "mask_token": {"content": "the"}}""");
        var tokenizer = Load(".");
        Assert.Equal([2, 18, 9, 3], tokenizer.Encode("new the", null, 10).Ids);
        Assert.Equal(9, tokenizer.Special.Mask);
        Assert.Equal("", tokenizer.Decode([18, 9]));
    }

    [Theory]
    [InlineData("tokenizer_config.json", "[]")]
    [InlineData("special_tokens_map.json", "{")]
    [InlineData("config.json", "")]
    [InlineData("generation_config.json", """{"decoder_start_token_id": -1}""")]
    [InlineData("added_tokens.json", """{"a": "b"}""")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"x": {"content": "a"}}}""")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"5": 5}}""")]
    [InlineData("tokenizer_config.json", """{"extra_ids": 1000000000}""")]
    public void Damaged_files_beside_a_vocabulary_are_refused_by_name(string file, string text)
    {
        SmallTokenizers.WriteUnigram(scratch, ".");
        scratch.Write(file, text);
        var error = Assert.Throws<InvalidDataException>(() => Load("."));
        Assert.StartsWith(Path.Combine(scratch.Folder, file), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("WordPiece")]
    [InlineData("byte-level")]
    [InlineData("Unigram")]
    public void Damaged_tokenizer_files_are_refused_or_read_but_never_break(string family)
    {
        var whole = System.Text.Encoding.UTF8.GetBytes((family switch
        {
            "WordPiece" => SmallTokenizers.WordPieceJson(),
            "byte-level" => SmallTokenizers.ByteLevelJson(),
            _ => SmallTokenizers.UnigramJson(),
        }).ToJsonString());
        var marks = Gen.Char["{}[]\",:0159eu\\-tfn. "].Select(mark => (byte)mark);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.OneOf(marks, Gen.Byte), Gen.Int[1, 3]).Array[1, 3].Sample(changes =>
        {
            var bytes = whole.ToList();
            foreach (var (at, value, kind) in changes)
            {
                var place = Math.Min(at, bytes.Count - 1);
                if (kind == 1) bytes[place] = value;
                else if (kind == 2) bytes.RemoveAt(place);
                else bytes.Insert(place, value);
            }
            var folder = $"{Guid.NewGuid()}";
            File.WriteAllBytes(scratch.Write($"{folder}/tokenizer.json", ""), [.. bytes]);
            try
            {
                var encoding = Load(folder).Encode("a the\tAb Ａ é <mask>", "b", 30);
                Assert.InRange(encoding.Ids.Length, 2, 30);
            }
            catch (InvalidDataException error)
            {
                Assert.DoesNotContain('\n', error.Message);
            }
        }, iter: 400);
    }

    private static string Tokens(ITextTokenizer tokenizer, string text) => string.Join(' ', tokenizer.Encode(text, null, 100).Ids.Select(tokenizer.TokenOf));

    private ITextTokenizer Load(string folder) => TextTokenizers.Load(folder == "." ? scratch.Folder : Path.Combine(scratch.Folder, folder));

    private ITextTokenizer LoadJson(string family, string place, string json)
    {
        var root = family switch
        {
            "WordPiece" => SmallTokenizers.WordPieceJson(),
            "byte-level" => SmallTokenizers.ByteLevelJson(),
            _ => SmallTokenizers.UnigramJson(),
        };
        var names = place.Split('.');
        var parent = names.Length == 1 ? root : root[names[0]]!.AsObject();
        parent[names[^1]] = JsonNode.Parse(json);
        scratch.Write("tokenizer.json", root.ToJsonString());
        return Load(".");
    }
}
