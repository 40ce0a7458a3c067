using Spindle.Data.Readers;

namespace Spindle.Data.Tests.Readers;

/// <summary>The reader of files with quotes.</summary>
public sealed class CsvReaderTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("a,b\nc,d\n", "1:a|b 2:c|d")]
    [InlineData("\uFEFFa,b\r\n\r\nc,d", "1:a|b 3:c|d")]
    [InlineData("\"a,1\",b\n", "1:a,1|b")]
    [InlineData("\"say \"\"so\"\"\",\"\"\n", "1:say \"so\"|")]
    [InlineData("\"two\r\nlines\",x\nnext,y\n", "1:two\nlines|x 3:next|y")]
    [InlineData("a \"quote\" within,b\n", "1:a \"quote\" within|b")]
    [InlineData(",\n", "1:|")]
    [InlineData("\n\na,b\n", "3:a|b")]
    public void Rows_are_read_as_RFC_4180_has_them(string text, string expected) => Assert.Equal(expected, Shown(text));

    [Theory]
    [InlineData("\"a\"b,c\nd,e\n", "1:a text follows a closing quote")]
    [InlineData("a,b\n\"never closed,c\n", "2: a quote is never closed")]
    [InlineData("a,b\nc,\"never closed", "2: a quote is never closed")]
    [InlineData("\"\"\"\"aa \"\"\",b\n", "1: text follows a closing quote")]
    public void Broken_quotes_are_a_fault_of_their_row(string text, string expected)
    {
        var row = CsvReader.Read(scratch.Write("x.csv", text)).First(row => row.Fault is not null);
        Assert.Equal(RowFaultKind.Malformed, row.Fault!.Kind);
        Assert.EndsWith(expected[(expected.IndexOf(' ') + 1)..].Replace("a text", "text", StringComparison.Ordinal), row.Fault.Reason, StringComparison.Ordinal);
        Assert.Equal(expected[..1], $"{row.Line}");
    }

    [Theory]
    [InlineData("a,b\nc,d\n\"never closed,e\nf,g\nh,i\n", "3", "5")]
    [InlineData("a,b\n\"open,e\nf,\"g\"\nh,i\n", "2", "3")]
    public void A_broken_quote_that_takes_in_other_lines_is_refused_with_their_numbers(string text, string first, string last)
    {
        var path = scratch.Write("x.csv", text);
        var message = Assert.Throws<InvalidDataException>(() => CsvReader.Read(path).ToArray()).Message;
        Assert.StartsWith($"{path}:{first}: a quote that is not closed", message, StringComparison.Ordinal);
        Assert.Contains($"takes in the lines up to {last};", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_that_is_never_closed_does_not_take_up_a_whole_large_file()
    {
        var path = scratch.Write("x.csv", "a,b\nc,\"d\n" + string.Concat(Enumerable.Repeat(new string('e', 1023) + "\n", CsvReader.LongestRecord / 1024 + 10)));
        using var rows = CsvReader.Read(path).GetEnumerator();
        Assert.True(rows.MoveNext());
        var message = Assert.Throws<InvalidDataException>(() => rows.MoveNext()).Message;
        Assert.Contains($"{path}:2: the record is longer than", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_blank_lines_is_refused_before_it_fills_the_memory()
    {
        var path = scratch.Write("x.csv", "a,b\n" + new string('\n', CsvReader.LongestRecord + 100_000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("the record is longer than", Assert.Throws<InvalidDataException>(() => CsvReader.Read(path).Count()).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 30);
    }

    [Fact]
    public void Only_the_record_that_holds_the_bytes_that_are_no_UTF_8_is_faulty()
    {
        var path = scratch.Write("x.csv", "");
        File.WriteAllBytes(path, [.. "a,b\n\"two\n"u8, 0xFF, .. "lines\",c\nd,e\n"u8]);
        Assert.Equal([(1, null), (2, RowFaultKind.Encoding), (4, null)], CsvReader.Read(path).Select(row => (row.Line, row.Fault?.Kind)));
    }

    [Fact]
    public void A_carriage_return_within_a_field_does_not_end_a_line()
    {
        var path = scratch.Write("x.csv", "");
        File.WriteAllBytes(path, [.. "a,b\n\"x\ry\",1\nbad"u8, 0xC3, .. ",2\n\nok,3\n"u8]);
        Assert.Equal([(1, null), (2, null), (3, RowFaultKind.Encoding), (5, null)], CsvReader.Read(path).Select(row => (row.Line, row.Fault?.Kind)));
    }

    [Fact]
    public void Lines_are_numbered_and_judged_one_by_one_whatever_stands_between_them() =>
        Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Bool).Array[1, 3000].Sample(rows =>
        {
            // blank lines before a row, one line or two, a CR within, a byte that is no UTF-8
            var (bytes, expected, line) = (new List<byte>(), new List<(int, RowFaultKind?)>(), 1);
            foreach (var (blanks, isLong, hasReturn, isBroken) in rows)
            {
                bytes.AddRange(Enumerable.Repeat((byte)'\n', blanks));
                line += blanks;
                expected.Add((line, isBroken ? RowFaultKind.Encoding : null));
                bytes.AddRange([.. "\"a"u8, .. isLong ? "\n"u8 : [], .. hasReturn ? "\rb"u8 : [], .. isBroken ? (byte[])[0xC3] : [], .. "\",1\n"u8]);
                line += isLong ? 2 : 1;
            }
            var path = scratch.Write($"{Guid.NewGuid()}.csv", "");
            File.WriteAllBytes(path, [.. bytes]);
            Assert.Equal(expected, CsvReader.Read(path).Select(row => (row.Line, row.Fault?.Kind)));
        }, iter: 30);

    [Theory]
    [InlineData("text,label", ',')]
    [InlineData("text;label;a,b", ';')]
    [InlineData("text\tlabel", '\t')]
    [InlineData("text", ',')]
    public void The_header_decides_the_delimiter(string header, char delimiter) =>
        Assert.Equal(delimiter, CsvReader.DetectDelimiter(scratch.Write("x.csv", header + "\n1,2\n")));

    [Fact]
    public void Any_fields_come_back_as_they_were_quoted() =>
        Gen.Char["ab,;\"\n\t é\u2028"].Array[0, 8].Select(characters => new string(characters)).Array[1, 4].Array[1, 20].Sample(rows =>
        {
            var text = string.Concat(rows.Select(row => string.Join(',', row.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n"));
            var read = CsvReader.Read(scratch.Write($"{Guid.NewGuid()}.csv", text)).ToArray();
            Assert.Equal(rows, read.Select(row => row.Fields));
            Assert.All(read, row => Assert.Null(row.Fault));
        }, iter: 200);

    private string Shown(string text) => string.Join(' ', CsvReader.Read(scratch.Write("x.csv", text)).Select(row =>
    {
        Assert.Null(row.Fault);
        return $"{row.Line}:{string.Join('|', row.Fields)}";
    }));
}
