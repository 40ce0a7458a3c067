using Parquet;
using Parquet.Schema;
using Spindle.Data.Readers;
using Spindle.Data.Tests;
using Spindle.Data.Tests.Text;
using Spindle.Data.Text;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Peft;
using Spindle.Models.Tests.Checkpoints;
using Spindle.Yaml;
using static TorchSharp.torch;

namespace Spindle.Fuzz;

/// <summary>Every format that is read from outside.</summary>
internal static class FuzzTargets
{
    private static readonly string[] Hard =
    [
        "\uFEFF", "\0", "\r", "\n", "\r\n", "\t", "\"", "'", "\\", "\u2028", "\\ud800", "\\udc00", "\uFFFD", "é", "😀", "0", "-1", "1e999", "2147483648", "9223372036854775808", "NaN", "1.5",
        "{", "}", "[", "]", ":", ",", "null", "true", "false", "{}", "[]", "\"\"", "a.b", "..", "../x", "%s",
    ];

    private static readonly string[] Json = [.. Hard, "\"a\":", "{\"a\":", "[[[[[[[[", "}}}}", "]]]]", "\"\\u0000\"", "\"\\ud800\":"];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("csv", "x.csv", Texts("text,label\n\"a, \"\"b\"\"\",1\nc,0\n", "a;b\n1;2\n", "a\n\"x\ny\"\n"), [.. Hard, ",", ";", "\"\"", "\",\"", "\"\n"], Rows("x.csv")),
        new("tsv", "x.tsv", Texts("text\tlabel\na\t1\nb\t0\n"), Hard, Rows("x.tsv")),
        new("json-lines", "x.jsonl", Texts("{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":0,\"t\":{\"en\":[1,{}]}}\n"), Json, Rows("x.jsonl")),
        new("parquet", "x.parquet", ParquetFiles(), ["PAR1", "huggingface", "\u0015", "\u0019\u001C", "\0"], Rows("x.parquet")),
        new("yaml", "x.yaml", Texts("grouping: uniform\nallocation: [1, 2]\ngroups:\n  - {layers: 1, strategies: [lora]}\n  - {layers: 1, strategies: []}\n", "a: 'b'\nc: \"d\\u0041\"\ne:\n- |\n  text\n- >-\n  more\n"),
            [.. Hard, "&a ", "*a ", "!!str ", "<<: ", "---", "...", "- ", "? ", ": ", "|", ">", "# ", "%YAML 1.2\n"], folder =>
        {
            var keys = YamlSource.Read(Path.Combine(folder, "x.yaml")).Mapping();
            if (keys.Value("grouping") is not null) _ = DesignYaml.Read(keys);
        }),
        new("tokenizer.json", "tokenizer.json", [.. new[] { SmallTokenizers.WordPieceJson(), SmallTokenizers.ByteLevelJson(), SmallTokenizers.UnigramJson() }.Select(json => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()))], Json, Tokenize),
        new("tokenizer_config.json", "tokenizer_config.json", Texts("{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":true,\"unk_token\":\"[UNK]\",\"added_tokens_decoder\":{\"1\":{\"content\":\"[UNK]\",\"special\":true}},\"additional_special_tokens\":[\"[X]\"]}"), Json, Tokenize)
        {
            Prepare = scratch => SmallTokenizers.WriteWordPiece(scratch, "."),
        },
        new("vocab.txt", "vocab.txt", Texts(string.Join('\n', SmallTokenizers.Words)), [.. Hard, "[UNK]", "[PAD]", "##"], Tokenize),
        new("vocab.json", "vocab.json", [System.Text.Encoding.UTF8.GetBytes(SmallTokenizers.ByteLevelJson()["model"]!["vocab"]!.ToJsonString())], Json, Tokenize) { Prepare = scratch => SmallTokenizers.WriteByteLevel(scratch, ".") },
        new("merges.txt", "merges.txt", Texts("#version: 0.2\n" + string.Join('\n', SmallTokenizers.Merges.Select(merge => $"{merge.Left} {merge.Right}")) + "\n"), [.. Hard, "a b\n", " ", "Ġ"], Tokenize)
        {
            Prepare = scratch => SmallTokenizers.WriteByteLevel(scratch, "."),
        },
        new("spiece.model", "spiece.model", [SentencePieceBytes.Model(SmallTokenizers.Pieces, SmallTokenizers.Map)], ["<unk>", "</s>", "▁", "\u0001", "\n\0"], Tokenize),
        new("characters", "config.json", Texts("{\"grapheme_chars\":\"____abc\",\"phoneme_chars\":\"____xyz\",\"pad_token_id\":0,\"bos_token_id\":1,\"eos_token_id\":2,\"decoder_start_token_id\":1}"), Json, folder => _ = CharacterTokenizer.Find(folder)?.ToString()),
        new("safetensors", "x.safetensors", [Written(path => RawSafetensors.Write(path, Tensors()))], Json, folder => ReadAll(SafetensorsFile.Open(Path.Combine(folder, "x.safetensors")))),
        new("safetensors index", "model.safetensors.index.json", Texts("{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"model-1.safetensors\",\"layer.b\":\"model-1.safetensors\",\"c\":\"model-1.safetensors\"}}"), Json, folder => ReadAll(WeightFiles.Open(folder)))
        {
            Prepare = scratch => RawSafetensors.Write(Path.Combine(scratch.Folder, "model-1.safetensors"), Tensors()),
        },
        new("pytorch", "x.bin", [Written(path => Archive().Write(path))], ["collections\nOrderedDict\n", "torch._utils\n_rebuild_tensor_v2\n", "torch\nFloatStorage\n", ")R", "Na", "(t", "]", "}", "q\0", "h\0", "\u0086", "data.pkl"],
            folder => ReadAll(PytorchFile.Open(Path.Combine(folder, "x.bin")))),
        new("adapter_config.json", "adapter_config.json",
            Texts("{\"peft_type\":\"LORA\",\"task_type\":\"SEQ_CLS\",\"target_modules\":[\"query\",\"value\"],\"layers_to_transform\":[0,1],\"layers_pattern\":[\"layer\"],\"r\":8,\"lora_alpha\":16,\"rank_pattern\":{\"query\":4},\"modules_to_save\":[\"classifier\"],\"bias\":\"none\"}",
                "{\"peft_type\":\"LORA\",\"target_modules\":\".*query\",\"exclude_modules\":\"x\"}"),
            [.. Json, "(", ")", "|", ".*", "(?:", "[", "(a+)+", "\\\\k<layer>", "all-linear"], folder =>
        {
            var config = PeftConfig.Read(folder);
            foreach (var module in (string[])["bert.encoder.layer.0.attention.self.query", "encoder.layer.1.output.dense", "layer.999999.query"]) _ = config.IsTarget(module);
            _ = ModuleNumbers.Read(config.Keys, "rank_pattern").Find("bert.encoder.layer.0.attention.self.query");
        }),
        new("config.json", "config.json",
            Texts("{\"model_type\":\"bert\",\"hidden_size\":8,\"num_hidden_layers\":2,\"num_attention_heads\":2,\"intermediate_size\":16,\"vocab_size\":20,\"max_position_embeddings\":16,\"type_vocab_size\":2,\"hidden_act\":\"gelu\",\"pad_token_id\":0}",
                "{\"model_type\":\"t5\",\"d_model\":8,\"num_layers\":2,\"num_decoder_layers\":2,\"num_heads\":2,\"d_kv\":4,\"d_ff\":16,\"vocab_size\":20,\"relative_attention_num_buckets\":8,\"relative_attention_max_distance\":16,\"feed_forward_proj\":\"gated-gelu\"}",
                "{\"model_type\":\"bart\",\"d_model\":8,\"encoder_layers\":1,\"decoder_layers\":1,\"encoder_attention_heads\":2,\"decoder_attention_heads\":2,\"encoder_ffn_dim\":16,\"decoder_ffn_dim\":16,\"vocab_size\":20,\"max_position_embeddings\":16}"),
            Json, folder =>
        {
            using var scope = NewDisposeScope();
            _ = BackboneCatalogue.Outline(folder, new());
        }),
        new("tuned.json", "tuned.json", TunedRecords.Seeds, [.. Json, "joint", "language-model", "lora", "classification"], TunedRecords.Read),
        new("store", "x.db", [StoreFiles.Bytes], [.. Json, "trial", "Final", "S1", "0001-01-01T00:00:00.0000000+00:00"], StoreFiles.Read),
        new("store cells", "cells.txt", [StoreFiles.Cells], [.. Json, "Infinity", "1e308", "-1e300", "Final", "found", "full"], StoreFiles.ReadCells),
    ];

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)];

    private static Action<string> Rows(string file) => folder =>
    {
        var table = Table.Open([Path.Combine(folder, file)]);
        _ = table.Rows([.. table.Columns.Select(column => column.Name).Distinct()]).Count();
    };

    private static void Tokenize(string folder)
    {
        var tokenizer = TextTokenizers.Load(folder);
        var encoding = tokenizer.Encode("The abab er, é😀 <mask> [UNK] ab", "second \ud800 text", 200);
        _ = tokenizer.Decode(encoding.Ids);
    }

    private static void ReadAll(ITensorFile file)
    {
        using (file)
            foreach (var name in file.Tensors.Keys) file.Read(name).Dispose();
    }

    private static (string, Tensor)[] Tensors() => [("a", arange(6, ScalarType.Float32).reshape(2, 3)), ("layer.b", ones(4, ScalarType.BFloat16)), ("c", zeros(0))];

    private static TorchArchive Archive()
    {
        var archive = new TorchArchive();
        foreach (var (name, value) in Tensors()) archive.Tensor(name, value);
        return archive;
    }

    private static byte[] Written(Action<string> write)
    {
        using var scratch = new Scratch();
        var path = Path.Combine(scratch.Folder, "x");
        write(path);
        return File.ReadAllBytes(path);
    }

    private static byte[][] ParquetFiles() =>
    [
        .. ((CompressionMethod[])[CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Zstd, CompressionMethod.Lz4Raw, CompressionMethod.Brotli])
            .Select(method => ParquetFileOf(method).GetAwaiter().GetResult()),
    ];

    private static async Task<byte[]> ParquetFileOf(CompressionMethod method)
    {
        var (text, number, value, flag) = (new DataField<string>("text"), new DataField<int>("number"), new DataField<double?>("value"), new DataField<bool>("flag"));
        using var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(text, number, value, flag), stream, new() { CompressionMethod = method }))
        {
            writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = "{\"info\":{\"features\":{\"number\":{\"_type\":\"ClassLabel\",\"names\":[\"a\",\"b\"]}}}}" };
            for (var group = 0; group < 2; group++)
            {
                using var part = writer.CreateRowGroup();
                await part.WriteAsync(text, (string?[])["a", null, "bb", "a"]!);
                await part.WriteAsync(number, new ReadOnlyMemory<int>([1, -2, 300, 4]));
                await part.WriteAsync(value, new ReadOnlyMemory<double?>([1.5, null, 2, 3]));
                await part.WriteAsync(flag, new ReadOnlyMemory<bool>([true, false, true, true]));
            }
        }
        return stream.ToArray();
    }
}
