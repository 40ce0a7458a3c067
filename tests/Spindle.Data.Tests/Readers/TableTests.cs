using System.Text.Json;
using Parquet;
using Parquet.Schema;
using Spindle.Data.Readers;
using Spindle.Tests;

namespace Spindle.Data.Tests.Readers;

/// <summary>Files of every format as tables.</summary>
public sealed class TableTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("x.tsv", "text\tn\na\t1\nb\t2\n")]
    [InlineData("x.csv", "text,n\na,1\n\"b\",2\n")]
    [InlineData("x.jsonl", "{\"text\":\"a\",\"n\":1}\n\n{\"n\":2,\"text\":\"b\",\"more\":[1]}\n")]
    public void Every_format_gives_the_same_rows(string name, string text)
    {
        var table = Table.Open([scratch.Write(name, text)]);
        Assert.Equal(["1:a", "2:b"], table.Rows(["n", "text"]).Select(row => string.Join(':', row.Fields)));
        Assert.Equal(["a", "b"], table.Rows(["text"]).Select(row => row.Fields.Single()));
    }

    [Fact]
    public void Nested_fields_are_named_with_dots_and_what_is_not_a_text_is_written_as_JSON_has_it()
    {
        var table = Table.Open([scratch.Write("x.jsonl", """{"t":{"en":"one","x":{"ro":"unu"}},"a.b":1.50,"yes":true,"none":null,"list":[1]}""")]);
        Assert.Equal(["t.en", "t.x.ro", "a.b", "yes", "none"], table.Columns.Select(column => column.Name));
        Assert.Equal(["one", "unu", "1.50", "true", null], table.Rows([.. table.Columns.Select(column => column.Name)]).Single().Fields);
    }

    [Theory]
    [InlineData("x.jsonl", "{\"a\":\"1\"}\nno\n{\"b\":1}\n[1]\n{\"a\":\"\\ud800\"}\n", "2 Malformed is not a JSON object; 3 Columns has no field 'a'; 4 Malformed is not a JSON object; 5 Encoding holds half a surrogate pair")]
    [InlineData("x.csv", "a,b\n1,2\n3\n", "3 Columns 1 columns, not 2")]
    public void A_row_at_fault_says_why_and_the_rest_is_read(string name, string text, string faults)
    {
        var rows = Table.Open([scratch.Write(name, text)]).Rows(["a"]).ToArray();
        Assert.Equal(faults, string.Join("; ", rows.Where(row => row.Fault is not null).Select(row => $"{row.Line} {row.Fault!.Kind} {row.Fault.Reason}")));
        Assert.Equal("1", rows.First(row => row.Fault is null).Fields.Single());
    }

    [Theory]
    [InlineData("x.csv", "a,b\n", ":1: the header has no column 'c'; it has a, b")]
    [InlineData("x.jsonl", "{\"a\":1}\n", ": has no column 'c'; it has a")]
    [InlineData("x.tsv", "", ": the file is empty")]
    public void A_column_that_is_not_there_is_refused_with_those_that_are(string name, string text, string message)
    {
        var path = scratch.Write(name, text);
        var table = Table.Open([path]);
        Assert.StartsWith(path + message, Assert.Throws<InvalidDataException>(() => table.Column("c")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_a_table_is_refused()
    {
        Assert.Contains("is a JSON list", Assert.Throws<InvalidDataException>(() => Table.Open([scratch.Write("x.json", "[{\"a\":1}]")])).Message, StringComparison.Ordinal);
        Assert.Contains("'format'", Assert.Throws<InvalidDataException>(() => Table.Open([scratch.Write("x.bin", "a")])).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<FileNotFoundException>(() => Table.Open([scratch.Folder])).Message, StringComparison.Ordinal);
        var path = scratch.Write("x.csv", "");
        File.WriteAllBytes(path, [(byte)'a', 0xE9, (byte)'\n']);
        Assert.StartsWith($"{path}:1: the header is not UTF-8", Assert.Throws<InvalidDataException>(() => Table.Open([path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_follow_each_other_and_each_finds_its_own_columns()
    {
        var first = scratch.Write("a.csv", "x,y\n1,2\n");
        var second = scratch.Write("b.csv", "y,x\n3,4\n");
        Assert.Equal(["1", "4"], Table.Open([first, second]).Rows(["x"]).Select(row => row.Fields.Single()));
        var third = scratch.Write("c.csv", "y\n3\n");
        var error = Assert.Throws<InvalidDataException>(() => Table.Open([first, third]).Rows(["x"]).Count());
        Assert.StartsWith($"{third}:1: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("glue-rte", "entailment not_entailment")]
    [InlineData("glue-sst2-unlabelled", "negative positive")]
    [InlineData("glue-stsb", null)]
    [InlineData("xsum", null)]
    [InlineData("wmt16-ro-en", null)]
    public void Parquet_of_the_Hub_gives_every_value(string name, string? classes)
    {
        var folder = SharedFiles.Fixture("parquet", name);
        var table = Table.Open(Directory.GetFiles(folder, "*.parquet"));
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        string[] columns = [.. table.Columns.Select(column => column.Name)];
        Assert.Equal(classes, table.Columns.FirstOrDefault(column => column.Name == "label")?.ClassNames is { } names ? string.Join(' ', names) : null);
        var rows = table.Rows(columns).ToArray();
        Assert.Equal(expected.RootElement.GetArrayLength(), rows.Length);
        foreach (var (row, wanted) in rows.Zip(expected.RootElement.EnumerateArray()))
        {
            foreach (var (column, value) in columns.Zip(row.Fields))
            {
                var element = column.Split('.').Aggregate(wanted, (at, part) => at.GetProperty(part));
                if (element.ValueKind == JsonValueKind.String) Assert.Equal(element.GetString(), value);
                else Assert.Equal(element.GetDouble(), double.Parse(value!, System.Globalization.CultureInfo.InvariantCulture), 1e-6);
            }
        }
        Assert.Equal(Enumerable.Range(1, rows.Length), rows.Select(row => row.Line));
    }

    [Fact]
    public async Task Parquet_without_values_or_of_several_row_groups_is_read_in_order()
    {
        var path = Path.Combine(scratch.Folder, "x.parquet");
        var (text, count) = (new DataField<string>("text"), new DataField<int>("count"));
        await using (var stream = File.Create(path))
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(text, count), stream, cancellationToken: TestContext.Current.CancellationToken))
        {
            for (var group = 0; group < 3; group++)
            {
                using var part = writer.CreateRowGroup();
                await part.WriteAsync(text, (string?[])[$"a{group}", null]!);
                await part.WriteAsync(count, new ReadOnlyMemory<int>([group, -group]), cancellationToken: TestContext.Current.CancellationToken);
            }
        }
        Assert.Equal(["a0 0", " 0", "a1 1", " -1", "a2 2", " -2"], Table.Open([path]).Rows(["text", "count"]).Select(row => string.Join(' ', row.Fields)));
    }

    [Theory]
    // an index of 18 bytes, which the library reports as a failure of input
    [InlineData(2732, 14)]
    public void Parquet_with_one_damaged_byte_is_refused(int at, byte value)
    {
        var bytes = File.ReadAllBytes(Directory.GetFiles(SharedFiles.Fixture("parquet", "glue-stsb"), "*.parquet").Single());
        bytes[at] = value;
        var path = Path.Combine(scratch.Folder, "x.parquet");
        File.WriteAllBytes(path, bytes);
        Assert.Contains("cannot be read as Parquet", Assert.Throws<InvalidDataException>(() => Table.Open([path]).Rows(["sentence1", "sentence2", "label"]).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_Parquet_is_refused_and_never_crashes()
    {
        var source = File.ReadAllBytes(Directory.GetFiles(SharedFiles.Fixture("parquet", "glue-stsb"), "*.parquet").Single());
        var path = Path.Combine(scratch.Folder, "x.parquet");
        Gen.Select(Gen.Int[0, source.Length - 1], Gen.Byte, Gen.Int[0, source.Length]).Sample((at, value, length) =>
        {
            var bytes = source.ToArray();
            bytes[at] = value;
            File.WriteAllBytes(path, length < source.Length / 2 ? bytes : bytes[..length]);
            try
            {
                var table = Table.Open([path]);
                _ = table.Rows([.. table.Columns.Select(column => column.Name)]).Count();
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            }
        }, iter: 300, threads: 1);
    }
}
