using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Texts;
using Spindle.Data.Templates;
using Spindle.Tests;

namespace Spindle.Data.Tests.Tasks.Texts;

/// <summary>Summaries and translations.</summary>
public sealed class TextTasksTests : IDisposable
{
    private const string Pair = """{"translation":{"en":"a house","ro":"o casă"}}""";

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("wmt16/en-ro", "translate English to Romanian: a house", "o casă")]
    [InlineData("wmt16/ro-en", "translate Romanian to English: o casă", "a house")]
    public void One_folder_is_translated_either_way(string name, string source, string target)
    {
        foreach (var split in (string[])["train", "validation", "test"]) scratch.Write($"wmt16/ro-en/{split}.jsonl", Pair + "\n");
        var data = new TextTaskFamily().Load(name, scratch.Folder);
        var row = data.Train.Examples.Single();
        Assert.Equal((source, target), (TextTemplates.Of(data.Task, prefixed: true).Source(row), TextTemplates.Of(data.Task, prefixed: true).Target(row)));
        Assert.Equal(row.First, TextTemplates.Of(data.Task, prefixed: false).Source(row));
        Assert.Equal(row, new TextTaskFamily().LoadTest(name, scratch.Folder)!.Examples.Single());
        Assert.Contains("1 of 1 training rows", data.Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_target_are_skipped_and_named()
    {
        var rows = string.Concat(Enumerable.Range(0, 12).Select(row => $$"""{"document":"document {{row}}","summary":"summary {{row}}"}""" + "\n"));
        scratch.Write("XSum/train.jsonl", rows + """{"document":"document","summary":" "}""" + "\n");
        scratch.Write("XSum/validation.jsonl", """{"document":"another","summary":"one"}""");
        var data = new TextTaskFamily().Load("xsum", scratch.Folder);
        Assert.Equal((12, "the target is empty"), (data.Train.Examples.Count, data.Train.Skipped.Single().Reason));
        Assert.Equal(TaskKind.TextToText, data.Task.Kind);
    }

    [Theory]
    [InlineData("xsum", "xsum", 20)]
    [InlineData("wmt16-ro-en", "wmt16/en-ro", 40)]
    public void Parquet_of_the_Hub_is_read(string fixture, string name, int rows)
    {
        var source = Directory.GetFiles(SharedFiles.Fixture("parquet", fixture), "*.parquet").Single();
        Directory.CreateDirectory(Path.Combine(scratch.Folder, fixture));
        foreach (var split in (string[])["train", "validation"]) File.Copy(source, Path.Combine(scratch.Folder, fixture, $"{split}-00000-of-00001.parquet"));
        Assert.Equal(rows, new TextTaskFamily().Load(name, scratch.Folder).Train.Examples.Count);
        // as the Hub makes Parquet files of a data set of one configuration
        foreach (var split in (string[])["train", "validation"])
        {
            Directory.CreateDirectory(Path.Combine(scratch.Folder, "made", "default", split));
            foreach (var number in (string[])["0000", "0001"]) File.Copy(source, Path.Combine(scratch.Folder, "made", "default", split, $"{number}.parquet"));
        }
        Assert.Equal(2 * rows, new TextTaskFamily().Load(name, Path.Combine(scratch.Folder, "made")).Train.Examples.Count);
    }
}
