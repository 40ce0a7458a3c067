using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Glue;
using Spindle.Tests;

namespace Spindle.Data.Tests.Tasks.Glue;

/// <summary>GLUE's tasks in the forms in which they are held beside TSV, and its submissions.</summary>
public sealed class GlueFormsTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("cola", """{"sentence":"a","label":1}""", "a||1")]
    [InlineData("sst2", """{"sentence":"a","label":"negative"}""", "a||0")]
    [InlineData("mrpc", """{"sentence1":"a","sentence2":"b","label":"not_equivalent"}""", "a|b|0")]
    [InlineData("stsb", """{"sentence1":"a","sentence2":"b","label":2.4}""", "a|b|2.4")]
    [InlineData("qqp", """{"question1":"a","question2":"b","label":1}""", "a|b|1")]
    [InlineData("qnli", """{"question":"a","sentence":"b","label":0}""", "a|b|0")]
    [InlineData("rte", """{"sentence1":"a","sentence2":"b","label":"not_entailment"}""", "a|b|1")]
    [InlineData("wnli", """{"sentence1":"a","sentence2":"b","label":0}""", "a|b|0")]
    [InlineData("sst2", """{"sentence":"a","label":-1}""", "a||NaN")]
    [InlineData("stsb", """{"sentence1":"a","sentence2":"b","label":-1.0}""", "a|b|NaN")]
    public void JSON_lines_have_the_columns_and_numbers_of_the_Hub(string name, string line, string expected)
    {
        scratch.Write($"{name}/train.jsonl", line);
        scratch.Write($"{name}/validation.jsonl", line);
        Assert.Equal(expected, Shown(new GlueTaskFamily().Load(name, scratch.Folder).Validation[0].Examples[0]));
    }

    [Fact]
    public void MNLI_takes_the_names_of_the_Hub()
    {
        const string Row = """{"premise":"p","hypothesis":"h","label":2}""";
        scratch.Write("glue/mnli/train-00000-of-00002.jsonl", Row);
        scratch.Write("glue/mnli/train-00001-of-00002.jsonl", Row);
        scratch.Write("glue/mnli/validation_matched.jsonl", Row);
        scratch.Write("glue/mnli/validation_mismatched.jsonl", Row);
        var data = new GlueTaskFamily().Load("mnli", scratch.Folder);
        Assert.Equal((2, "matched mismatched"), (data.Train.Examples.Count, string.Join(' ', data.Validation.Select(split => split.Name))));
        Assert.Equal("p|h|2", Shown(data.Train.Examples[1]));

        File.Delete(Path.Combine(scratch.Folder, "glue", "mnli", "train-00000-of-00002.jsonl"));
        Assert.Contains("number 0 is missing", Assert.Throws<InvalidDataException>(() => new GlueTaskFamily().Load("mnli", scratch.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parquet_of_the_Hub_is_read_with_its_own_names_of_classes()
    {
        Copy("glue-rte", "rte");
        var data = new GlueTaskFamily().Load("rte", scratch.Folder);
        Assert.Equal((60, 60), (data.Train.Examples.Count, data.Validation[0].Examples.Count));
        Assert.Equal(1, data.Train.Examples[0].Label);
        Assert.StartsWith("rte: 60 of 60 training rows are also in the validation rows", data.Warnings.Single(), StringComparison.Ordinal);
        Copy("glue-stsb", "stsb");
        Assert.Equal(4.75, new GlueTaskFamily().Load("stsb", scratch.Folder).Validation[0].Examples[1].Label);
    }

    [Fact]
    public void A_validation_part_without_labels_is_warned_of()
    {
        Copy("glue-sst2-unlabelled", "sst2");
        var data = new GlueTaskFamily().Load("sst2", scratch.Folder);
        Assert.Empty(data.Validation[0].Labelled);
        Assert.Contains(data.Warnings, warning => warning.Contains("has no labelled row", StringComparison.Ordinal));
    }

    [Fact]
    public void A_submission_has_a_line_for_every_row_in_the_sites_form()
    {
        scratch.Write("CoLA/train.tsv", "x\t1\t\ta\n");
        scratch.Write("CoLA/test.tsv", "index\tsentence\n0\tone\n1\t\"two\n2\t \n");
        scratch.Write("STS-B/test.tsv", "index\tsentence1\tsentence2\n0\ta\tb\n1\tc\td\n");
        scratch.Write("MNLI/test_matched.tsv", "index\tsentence1\tsentence2\n7\ta\tb\n");
        scratch.Write("MNLI/test_mismatched.tsv", "index\tsentence1\tsentence2\n8\ta\tb\n");
        scratch.Write("AX/diagnostic.tsv", "index\tsentence1\tsentence2\n9\ta\tb\n");
        var output = Path.Combine(scratch.Folder, "out");

        Assert.Equal("index\tprediction\n0\t1\n1\t0\n2\t1\n", Submit("cola", 1, 0, 1)["CoLA.tsv"]);
        Assert.Equal("index\tprediction\n0\t2.346\n1\t5.000\n", Submit("stsb", 2.3456, 5.7)["STS-B.tsv"]);
        var mnli = Submit("mnli", 1);
        Assert.Equal(["AX.tsv", "MNLI-m.tsv", "MNLI-mm.tsv"], mnli.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("index\tprediction\n8\tneutral\n", mnli["MNLI-mm.tsv"]);
        Assert.Empty(Directory.GetFiles(output, "*.part"));

        Dictionary<string, string> Submit(string task, params double[] predictions) => GlueTestSet.Load(task, scratch.Folder)
            .ToDictionary(set => set.Submission, set => File.ReadAllText(GlueSubmission.Write(output, set, predictions)));
    }

    [Fact]
    public void A_submission_refuses_what_would_leave_a_row_out()
    {
        scratch.Write("SST-2/test.tsv", "index\tsentence\n0\ta\n1\tb\tc\n");
        Assert.Contains(":3: 3 columns", Assert.Throws<InvalidDataException>(() => GlueTestSet.Load("sst2", scratch.Folder)).Message, StringComparison.Ordinal);
        scratch.Write("SST-2/test.tsv", "index\tsentence\n0\ta\n1\tb\n");
        var set = GlueTestSet.Load("sst2", scratch.Folder).Single();
        Assert.Throws<ArgumentException>(() => GlueSubmission.Write(scratch.Folder, set, [1]));
        Assert.Throws<ArgumentException>(() => GlueSubmission.Write(scratch.Folder, set, [1, 2]));
        Assert.Contains("sst2", Assert.Throws<InvalidDataException>(() => GlueTestSet.Load("builtin/sentiment", scratch.Folder)).Message, StringComparison.Ordinal);
        scratch.Write("RTE/train.tsv", "");
        Assert.Contains("test.tsv", Assert.Throws<FileNotFoundException>(() => GlueTestSet.Load("rte", scratch.Folder)).Message, StringComparison.Ordinal);
    }

    private void Copy(string fixture, string task)
    {
        var source = Directory.GetFiles(SharedFiles.Fixture("parquet", fixture), "*.parquet").Single();
        Directory.CreateDirectory(Path.Combine(scratch.Folder, task));
        foreach (var split in (string[])["train", "validation"]) File.Copy(source, Path.Combine(scratch.Folder, task, $"{split}-00000-of-00001.parquet"));
    }

    private static string Shown(Example example) => FormattableString.Invariant($"{example.First}|{example.Second}|{example.Label}");
}
