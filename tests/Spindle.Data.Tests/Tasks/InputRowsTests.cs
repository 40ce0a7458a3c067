using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;

namespace Spindle.Data.Tests.Tasks;

/// <summary>Files whose rows a model is to answer.</summary>
public sealed class InputRowsTests : IDisposable
{
    private static readonly TaskDefinition Single = new("reviews", TaskKind.Classification, ["bad", "good"], false, ["accuracy"], null) { Columns = new("review") };
    private static readonly TaskDefinition Pair = Single with { Name = "pairs", Pairs = true, Columns = new("q1", "q2") };

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("a.csv", "id,review,stars\n7,\"fine, day\",x\n8,bad day,\n")]
    [InlineData("a.tsv", "stars\tid\treview\nx\t7\tfine, day\n\t8\tbad day\n")]
    [InlineData("a.jsonl", "{\"review\":\"fine, day\",\"id\":7}\n{\"id\":8,\"review\":\"bad day\"}\n")]
    public void The_text_column_is_found_by_name_wherever_it_is(string file, string content)
    {
        var rows = InputRows.Read(scratch.Write(file, content), Single);
        Assert.Equal(["fine, day", "bad day"], rows.Examples.Select(row => row.First));
        Assert.All(rows.Examples, row => Assert.False(row.IsLabelled));
        Assert.Equal(2, rows.Fields().Count());
        Assert.Equal(rows.Columns.Count, rows.Fields().First().Count);
        Assert.Equal("fine, day", rows.Fields().First()[rows.Columns.ToList().IndexOf("review")]);
    }

    [Fact]
    public void Named_columns_replace_those_of_the_task() =>
        Assert.Equal(new Example("a", "b", double.NaN), InputRows.Read(scratch.Write("a.csv", "left,right\na,b\n"), Pair, ["left", "right"]).Examples.Single());

    [Theory]
    [InlineData("premise,hypothesis,label", "premise", "hypothesis")]
    [InlineData("sentence2,sentence1", "sentence1", "sentence2")]
    public void A_task_without_columns_takes_the_usual_names(string header, string first, string second)
    {
        var names = header.Split(',');
        var rows = InputRows.Read(scratch.Write("a.csv", $"{header}\n{header}\n"), Pair with { Columns = null });
        Assert.Equal(new Example(first, second, double.NaN), rows.Examples.Single());
        Assert.Equal(names, rows.Columns);
    }

    [Fact]
    public void A_file_in_Latin_1_is_to_be_saved_as_UTF_8()
    {
        var path = Path.Combine(scratch.Folder, "a.csv");
        File.WriteAllBytes(path, [.. System.Text.Encoding.Latin1.GetBytes("review\nfine day\ncafé noir\n")]);
        Assert.Equal($"{path}:3: is not UTF-8 text; save the file as UTF-8 (Latin-1, as Excel writes it, is not read)", Assert.Throws<InvalidDataException>(() => InputRows.Read(path, Single)).Message);
    }

    [Fact]
    public void A_file_without_a_header_is_read_by_position() =>
        Assert.Equal(["x y", "z"], InputRows.Read(scratch.Write("a.csv", "1,x y\n2,z\n"), Single with { Columns = new("2") { HasHeader = false } }).Examples.Select(row => row.First));

    [Theory]
    [InlineData("id,text,label\n1,a,b\n", ":1: the header has no column 'review'; it has id, text, label")]
    [InlineData("review\nfine\n\"\"\n", ":3: a sentence is empty")]
    [InlineData("review,id\nfine,1,2\n", ":2: 3 columns, not 2")]
    public void What_cannot_be_read_is_reported_with_its_place(string content, string expected)
    {
        var path = scratch.Write("a.csv", content);
        Assert.StartsWith(path + expected, Assert.Throws<InvalidDataException>(() => InputRows.Read(path, Single)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_named_columns_must_fit_the_task()
    {
        var path = scratch.Write("a.csv", "a,b\nx,y\n");
        Assert.Contains("name one column", Assert.Throws<InvalidDataException>(() => InputRows.Read(path, Single, ["a", "b"])).Message, StringComparison.Ordinal);
        Assert.Contains("name their two columns", Assert.Throws<InvalidDataException>(() => InputRows.Read(path, Pair, ["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_columns_of_a_users_task_are_those_it_was_read_from() => Gen.Select(Gen.Bool, Gen.OneOf(Gen.Const("review"), Gen.Const("body text"), Gen.Const("t.x"))).Sample((isPair, name) =>
    {
        var path = scratch.Write($"{Guid.NewGuid():N}.csv", $"n,{name},other,label\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"{row},some words {row},more words {row},{(row % 2 == 0 ? "a" : "b")}\n")));
        var own = new OwnTask("mine", [path])
        {
            Columns = isPair ? new(name, "other", "label") : new(name, null, "label"),
            Kind = isPair ? OwnTaskKind.Pair : OwnTaskKind.Classification,
            Validation = [],
            ValidationShare = 0.4,
        };
        var task = new OwnTaskFamily([own]).Load("mine", null).Task;
        Assert.Equal(new TextColumns(name, isPair ? "other" : null), task.Columns);
        Assert.Equal(20, InputRows.Read(path, task).Examples.Count);
    }, iter: 20);
}
