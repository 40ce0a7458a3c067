using Spindle.Models.Backbones;
using Spindle.Models.Generation;

namespace Spindle.Models.Tests.Generation;

/// <summary>How a checkpoint's files say that text is generated.</summary>
public sealed class GenerationDefaultsTests : IDisposable
{
    private const string Bart = """
        "model_type": "bart", "d_model": 8, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
        "encoder_ffn_dim": 8, "decoder_ffn_dim": 8, "max_position_embeddings": 64, "vocab_size": 100, "eos_token_id": 2, "decoder_start_token_id": 2
        """;

    private const string T5 = """
        "model_type": "t5", "d_model": 8, "num_layers": 1, "num_heads": 2, "d_kv": 4, "d_ff": 8, "relative_attention_num_buckets": 8,
        "relative_attention_max_distance": 16, "vocab_size": 100, "eos_token_id": 1, "decoder_start_token_id": 0
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-generation-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Without_a_word_on_it_text_is_greedy_and_twenty_tokens_long()
    {
        Assert.Equal(new GenerationOptions { StartId = 2, EndId = 2, MaximumLength = 20 }, Read(Bart));
        Assert.Equal(new GenerationOptions { StartId = 0, EndId = 1, MaximumLength = 20 }, Read(T5, "{}"));
    }

    [Fact]
    public void Old_keys_of_the_configuration_count_if_there_is_no_separate_file()
    {
        const string Keys = """
            "num_beams": 4, "length_penalty": 2.0, "no_repeat_ngram_size": 3, "early_stopping": true, "forced_bos_token_id": 0, "forced_eos_token_id": 2,
            "min_length": 11, "max_length": 62
            """;
        var wanted = new GenerationOptions
        {
            StartId = 2,
            EndId = 2,
            Beams = 4,
            LengthPenalty = 2,
            NoRepeatNgram = 3,
            EarlyStopping = EarlyStopping.WhenFull,
            ForcedBeginId = 0,
            ForcedEndId = 2,
            MinimumLength = 11,
            MaximumLength = 62,
        };
        Assert.Equal(wanted, Read($"{Bart}, {Keys}"));
        Assert.Equal(wanted, Read(Bart, $$"""{{{Keys}}, "eos_token_id": 2}"""));
        // the file says all: what it does not say is the default, whatever the configuration says
        Assert.Equal(new GenerationOptions { StartId = 2, EndId = 2, Beams = 5 }, Read($"{Bart}, {Keys}", """{"num_beams": 5}"""));
    }

    [Theory]
    [InlineData("true", EarlyStopping.WhenFull)]
    [InlineData("false", EarlyStopping.Heuristic)]
    [InlineData("null", EarlyStopping.Heuristic)]
    [InlineData("\"never\"", EarlyStopping.Never)]
    public void Early_stopping_has_three_ways(string text, EarlyStopping wanted) =>
        Assert.Equal(wanted, Read(Bart, $$"""{"early_stopping": {{text}}}""").EarlyStopping);

    [Fact]
    public void Sampling_is_drawn_from_the_fifty_likeliest_where_nothing_else_is_said()
    {
        Assert.Equal(new SamplingOptions(1, 50, 1), Read(T5, """{"do_sample": true}""").Sampling);
        Assert.Equal(new SamplingOptions(0.7, 0, 0.9), Read(T5, """{"do_sample": true, "temperature": 0.7, "top_k": 0, "top_p": 0.9}""").Sampling);
        // nothing is drawn, so nothing of it is looked at
        Assert.Null(Read(T5, """{"do_sample": false, "temperature": 0.0, "top_k": -3, "top_p": 7}""").Sampling);
    }

    [Fact]
    public void What_is_new_counts_from_the_start_token_on_and_goes_before_the_length_of_all()
    {
        var options = Read(T5, """{"max_length": 30, "max_new_tokens": 64, "min_length": 2, "min_new_tokens": 5}""");
        Assert.Equal((65, 6), (options.MaximumLength, options.MinimumLength));
        Assert.Equal(65, Read(Bart, """{"max_new_tokens": 64}""").MaximumLength);
    }

    [Fact]
    public void The_token_ids_of_the_file_go_before_the_configuration_and_may_stand_in_a_list()
    {
        var options = Read(Bart, """{"decoder_start_token_id": 5, "eos_token_id": [7], "forced_eos_token_id": [7], "_from_model_config": true, "use_cache": true, "num_return_sequences": 3}""");
        Assert.Equal((5, 7, 7), (options.StartId, options.EndId, options.ForcedEndId));
    }

    [Theory]
    [InlineData("\"num_beams\": 0", "num_beams")]
    [InlineData("\"num_beams\": 2147483647", "num_beams")]
    [InlineData("\"num_beams\": \"4\"", "num_beams")]
    [InlineData("\"num_beams\": 2.5", "num_beams")]
    [InlineData("\"length_penalty\": \"long\"", "length_penalty")]
    [InlineData("\"length_penalty\": 1e999", "length_penalty")]
    [InlineData("\"no_repeat_ngram_size\": -1", "no_repeat_ngram_size")]
    [InlineData("\"early_stopping\": \"soon\"", "early_stopping")]
    [InlineData("\"early_stopping\": 1", "early_stopping")]
    [InlineData("\"max_length\": 1", "max_length")]
    [InlineData("\"max_length\": 66", "max_length")]
    [InlineData("\"max_new_tokens\": 0", "max_new_tokens")]
    [InlineData("\"max_new_tokens\": 65", "max_new_tokens")]
    [InlineData("\"min_length\": -1", "min_length")]
    [InlineData("\"min_length\": 21", "min_length")]
    [InlineData("\"min_new_tokens\": 20", "min_new_tokens")]
    [InlineData("\"forced_bos_token_id\": 100", "forced_bos_token_id")]
    [InlineData("\"forced_eos_token_id\": -1", "forced_eos_token_id")]
    [InlineData("\"eos_token_id\": [1, 2]", "eos_token_id")]
    [InlineData("\"eos_token_id\": []", "eos_token_id")]
    [InlineData("\"decoder_start_token_id\": 1e9", "decoder_start_token_id")]
    [InlineData("\"do_sample\": \"yes\"", "do_sample")]
    [InlineData("\"do_sample\": true, \"num_beams\": 2", "do_sample")]
    [InlineData("\"do_sample\": true, \"temperature\": 0", "temperature")]
    [InlineData("\"do_sample\": true, \"temperature\": -0.5", "temperature")]
    [InlineData("\"do_sample\": true, \"top_k\": -1", "top_k")]
    [InlineData("\"do_sample\": true, \"top_p\": 0", "top_p")]
    [InlineData("\"do_sample\": true, \"top_p\": 1.5", "top_p")]
    public void Impossible_values_are_reported_in_one_line(string keys, string named)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Bart, $"{{{keys}}}"));
        Assert.Contains($"generation_config.json: '{named}'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"num_beams\": 4")]
    public void A_damaged_file_is_reported_in_one_line(string text)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Bart, text));
        Assert.Contains("generation_config.json", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Whatever_is_read_can_be_generated_with() =>
        Gen.Select(Gen.Int[-2, 70], Gen.Int[-2, 70], Gen.Int[-1, 6], Gen.Bool, Gen.Double[-1, 2], Gen.Int[-5, 110]).Sample((least, most, beams, drawn, share, id) =>
        {
            GenerationOptions options;
            try
            {
                options = Read(Bart, FormattableString.Invariant(
                    $$"""{"min_length": {{least}}, "max_length": {{most}}, "num_beams": {{beams}}, "do_sample": {{(drawn ? "true" : "false")}}, "top_p": {{share}}, "forced_bos_token_id": {{id}}}"""));
            }
            catch (InvalidDataException)
            {
                return;
            }
            options.Validate();
            Assert.InRange(options.MinimumLength, 0, options.MaximumLength);
        }, iter: 200, threads: 1);

    private GenerationOptions Read(string config, string? file = null)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "config.json"), $"{{{config}}}");
        var path = Path.Combine(folder.FullName, "generation_config.json");
        if (file is null) File.Delete(path);
        else File.WriteAllText(path, file);
        using var backbone = (ISequenceToSequence)BackboneCatalogue.Outline(folder.FullName, new());
        return GenerationDefaults.Read(folder.FullName, backbone);
    }
}
