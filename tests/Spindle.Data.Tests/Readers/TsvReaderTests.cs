using System.Text;
using Spindle.Data.Readers;

namespace Spindle.Data.Tests.Readers;

/// <summary>The reader of tab-separated files.</summary>
public sealed class TsvReaderTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("a\tb\nc\td\n")]
    [InlineData("a\tb\nc\td")]
    [InlineData("a\tb\r\nc\td\r\n")]
    [InlineData("a\tb\r\nc\td")]
    [InlineData("\uFEFFa\tb\nc\td\n")]
    [InlineData("a\tb\nc\td\n\n\r\n\n")]
    public void However_lines_end_the_rows_are_the_same(string text) => Assert.Equal(["1:a|b", "2:c|d"], Rows(text));

    [Fact]
    public void Quotes_and_control_characters_are_text_like_any_other() =>
        Assert.Equal(["1:\"a|b\"\"", "2:'|\0\u0001 \u0085\u2028x"], Rows("\"a\tb\"\"\n'\t\0\u0001 \u0085\u2028x\n"));

    [Fact]
    public void A_carriage_return_within_a_line_stays() => Assert.Equal(["1:a\rb|\r"], Rows("a\rb\t\r\r\n"));

    [Fact]
    public void Empty_fields_and_empty_lines_between_rows_are_rows() => Assert.Equal(["1:|", "2:", "3:", "4:a|"], Rows("\t\n\n\na\t\n"));

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\n\n")]
    [InlineData("\r")]
    public void A_file_without_text_has_no_row(string text) => Assert.Empty(Rows(text));

    [Fact]
    public void Only_the_row_with_invalid_UTF8_is_reported()
    {
        var path = scratch.Write("x.tsv", "");
        File.WriteAllBytes(path, [.. "good\n"u8, (byte)'a', 0xFF, (byte)'\t', 0xC3, (byte)'\n', .. "\u00e9\n"u8]);
        var rows = TsvReader.Read(path).ToArray();
        Assert.Equal(["a\uFFFD", "\uFFFD"], rows[1].Fields);
        Assert.Equal([null, RowFault.Encoding, null], rows.Select(row => row.Fault));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 })]
    [InlineData(new byte[] { 0xFE, 0xFF, 0, (byte)'a' })]
    public void A_file_in_UTF16_is_refused_with_its_remedy(byte[] bytes)
    {
        var path = scratch.Write("x.tsv", "");
        File.WriteAllBytes(path, bytes);
        Assert.Equal($"{path}:1: is UTF-16 or UTF-32; save it as UTF-8", Assert.Throws<InvalidDataException>(() => TsvReader.Read(path).Count()).Message);
    }

    [Fact]
    public void Any_fields_come_back_as_they_were_written() =>
        Gen.Select(Gen.Char[' ', '\uD7FF'].Array[1, 12].Select(characters => new string(characters)).Array[1, 5].Array[1, 40], Gen.Bool).Sample((rows, crlf) =>
        {
            var path = scratch.Write($"{Guid.NewGuid()}.tsv", string.Concat(rows.Select(row => string.Join('\t', row) + (crlf ? "\r\n" : "\n"))));
            Assert.Equal(rows, TsvReader.Read(path).Select(row => row.Fields));
        }, iter: 50);

    [Fact]
    public void Lines_longer_than_the_reading_buffer_are_read_whole()
    {
        string[] lines = [new('a', 16_383), new('b', 16_384), new('c', 16_385), "d", new('e', 100_000)];
        Assert.Equal(lines, TsvReader.Read(scratch.Write("x.tsv", string.Join('\n', lines))).Select(row => row.Fields[0]));
    }

    [Fact]
    public void A_line_beyond_all_bounds_is_refused_by_file_and_line()
    {
        Assert.Single(TsvReader.Read(scratch.Write("x.tsv", new string('a', TsvReader.LongestLine))));
        var path = scratch.Write("y.tsv", $"short\n{new string('a', TsvReader.LongestLine + 1)}\n");
        var error = Assert.Throws<InvalidDataException>(() => TsvReader.Read(path).Count());
        Assert.StartsWith($"{path}:2: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var path = Path.Combine(scratch.Folder, "none.tsv");
        Assert.StartsWith($"{path}: ", Assert.Throws<FileNotFoundException>(() => TsvReader.Read(path).Count()).Message, StringComparison.Ordinal);
    }

    private string[] Rows(string text)
    {
        var path = Path.Combine(scratch.Folder, "x.tsv");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return [.. TsvReader.Read(path).Select(row => $"{row.Line}:{string.Join('|', row.Fields)}")];
    }
}
