using Spindle.Data.Readers;
using Spindle.Tests;

namespace Spindle.Data.Tests.Readers;

/// <summary>Text files that were written to exhaust time or memory.</summary>
public sealed class HostileTextTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Broken_quotes_in_a_CSV_take_memory_in_proportion_to_it()
    {
        var path = scratch.Write("x.csv", "a,b\n" + string.Concat(Enumerable.Repeat("\"a\"b,", 2_000_000)) + "\n");
        Allocation.IsBounded(path, () => Assert.Equal([null, RowFaultKind.Malformed], CsvReader.Read(path).Select(row => row.Fault?.Kind)));
    }

    [Theory]
    [InlineData("x.csv", ',')]
    [InlineData("x.tsv", '\t')]
    public void A_row_of_delimiters_alone_is_a_fault_that_takes_no_more_memory_than_its_text(string name, char delimiter)
    {
        var path = scratch.Write(name, $"a{delimiter}b\n{new string(delimiter, 10_000_000)}\n1{delimiter}2\n");
        Allocation.IsBounded(path, () =>
        {
            var rows = Table.Open([path]).Rows(["b"]).ToArray();
            Assert.Equal([RowFaultKind.Columns, null], rows.Select(row => row.Fault?.Kind));
            Assert.Contains("10000 is the most", rows[0].Fault!.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_header_of_too_many_columns_is_refused()
    {
        var path = scratch.Write("x.csv", new string(',', 1_000_000));
        Allocation.IsBoundedAndRefused(path, () => Table.Open([path]), "10000 is the most");
    }

    [Fact]
    public void Long_keys_in_JSON_lines_take_memory_in_proportion_to_them()
    {
        var key = new string('k', 900);
        var nested = string.Concat(Enumerable.Range(0, 60).Select(depth => $"{{\"{key}{depth}\":")) + "1" + new string('}', 60);
        var many = "{" + string.Join(',', Enumerable.Range(0, 10_000).Select(index => $"\"{key}{index}\":{index}")) + "}";
        var path = scratch.Write("x.jsonl", string.Concat(Enumerable.Repeat(nested + "\n", 50)) + many + "\n");
        Allocation.IsBounded(path, () => Assert.Equal(10_000, Table.Open([path]).Columns.Count));
    }

    [Fact]
    public void A_long_list_in_JSON_lines_that_nobody_asks_for_takes_no_more_memory_than_its_text()
    {
        var path = scratch.Write("x.jsonl", $"{{\"list\":[1{string.Concat(Enumerable.Repeat(",1", 5_000_000))}],\"a\":1}}\n");
        Allocation.IsBounded(path, () => Assert.Equal(["1"], Table.Open([path]).Rows(["a"]).Single().Fields));
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_name_is_a_fault_of_its_row()
    {
        var path = scratch.Write("x.jsonl", "{\"a\":1}\n{\"\\ud800\":1,\"a\":2}\n{\"a\":3}\n");
        Assert.Equal([null, RowFaultKind.Encoding, null], Table.Open([path]).Rows(["a"]).Select(row => row.Fault?.Kind));
    }

    [Fact]
    public void Of_fields_with_one_path_the_least_nested_counts_and_then_the_last()
    {
        var path = scratch.Write("x.jsonl", "{\"a.b\":1,\"a\":{\"b\":2}}\n{\"a\":{\"b\":1,\"b\":3}}\n");
        Assert.Equal(["1", "3"], Table.Open([path]).Rows(["a.b"]).Select(row => row.Fields[0]));
    }
}
