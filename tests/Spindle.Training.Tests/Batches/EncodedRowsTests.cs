using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Training.Batches;

namespace Spindle.Training.Tests.Batches;

public sealed class EncodedRowsTests
{
    private static readonly Example[] Examples = [.. Enumerable.Range(0, 30).Select(row => new Example(new string('a', row), null, row))];

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(434)]
    [InlineData(435)]
    public void Rows_are_the_same_however_many_are_kept(long tokens)
    {
        var encoder = new CountingEncoder();
        var rows = new EncodedRows(Examples, encoder, tokens);
        Assert.Equal(Examples.Length, rows.Count);
        Assert.Equal(Examples.Select(row => row.Label), rows.Select(row => row.Label));
        Assert.Equal(Examples.Select(row => row.First.Length), Enumerable.Range(0, rows.Count).Select(row => rows[row].Length));
        // all thirty have 435 tokens
        if (tokens >= 435) Assert.Equal(Examples.Length, encoder.Encoded);
        else Assert.True(encoder.Encoded > 2 * Examples.Length);
    }

    [Fact]
    public void No_more_rows_than_may_be_kept_are_encoded_beforehand()
    {
        var encoder = new CountingEncoder();
        _ = new EncodedRows(Examples, encoder, tokens: 10);
        Assert.Equal(6, encoder.Encoded); // 0 + 1 + 2 + 3 + 4 tokens, and the row that is too much
    }

    private sealed class CountingEncoder : IExampleEncoder
    {
        public int Encoded { get; private set; }

        public EncodedExample Encode(Example example)
        {
            Encoded++;
            return new(new Encoding(new int[example.First.Length], new int[example.First.Length]), null, example.Label);
        }
    }
}
