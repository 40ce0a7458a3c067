using Spindle.Data.Text;

namespace Spindle.Data.Tests.Text;

/// <summary>The options of <c>tokenizer_config.json</c>.</summary>
public sealed class WordPieceOptionsTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Without_a_file_the_options_are_BERTs() =>
        Assert.Equal(new WordPieceOptions { LowerCase = true, StripAccents = null, TokenizeChineseCharacters = true }, Read(null));

    [Fact]
    public void Options_are_read_and_what_is_null_or_absent_is_BERTs()
    {
        Assert.Equal(
            new WordPieceOptions { LowerCase = false, StripAccents = true, TokenizeChineseCharacters = false },
            Read("""{"do_lower_case": false, "strip_accents": true, "tokenize_chinese_chars": false, "model_max_length": 512}"""));
        Assert.Equal(new WordPieceOptions(), Read("""{"strip_accents": null, "do_lower_case": null}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"do_lower_case\": tru")]
    [InlineData("\0\0\0")]
    public void A_file_that_is_not_an_object_is_refused_by_name(string text)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(text));
        Assert.StartsWith(Path.Combine(scratch.Folder, "tokenizer_config.json"), error.Message, StringComparison.Ordinal);
    }

    private WordPieceOptions Read(string? text) =>
        WordPieceOptions.Read(text is null ? Path.Combine(scratch.Folder, "none.json") : scratch.Write("tokenizer_config.json", text));
}
