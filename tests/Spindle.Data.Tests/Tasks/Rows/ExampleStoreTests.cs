using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Rows;

namespace Spindle.Data.Tests.Tasks.Rows;

/// <summary>Rows in memory and on the disk.</summary>
public class ExampleStoreTests
{
    private static readonly Gen<Example> AnyExample = Gen.Select(Gen.String, Gen.String.Null(), Gen.Double, Gen.String.Null(),
        (first, second, label, target) => new Example(Clean(first)!, Clean(second), label) { Target = Clean(target) });

    [Fact]
    public void Rows_come_back_as_they_went_whether_they_fit_into_memory_or_not() =>
        Gen.Select(AnyExample.Array[0, 40], Gen.Int[0, 3000]).Sample((rows, characters) =>
        {
            using var builder = new ExampleStore.Builder(characters);
            foreach (var row in rows) builder.Add(row);
            var stored = builder.Build();
            Assert.Equal(rows, stored);
            for (var index = rows.Length - 1; index >= 0; index--) Assert.Equal(rows[index], stored[index]);
            (stored as IDisposable)?.Dispose();
        }, iter: 300);

    [Fact]
    public void Rows_beyond_the_limit_leave_memory_and_no_file_behind()
    {
        using var builder = new ExampleStore.Builder(100);
        for (var row = 0; row < 1000; row++) builder.Add(new($"row number {row}", null, row));
        var stored = Assert.IsType<ExampleStore>(builder.Build());
        Assert.Equal("row number 777", stored[777].First);
        Assert.Throws<ArgumentOutOfRangeException>(() => stored[1000]);
        stored.Dispose();
    }

    private static string? Clean(string? text) => text is null ? null : string.Concat(text.EnumerateRunes());
}
