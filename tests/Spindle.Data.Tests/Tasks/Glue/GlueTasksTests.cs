using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Glue;

namespace Spindle.Data.Tests.Tasks.Glue;

/// <summary>GLUE's tasks, read from small folders in GLUE's layouts.</summary>
public sealed class GlueTasksTests : IDisposable
{
    private const string Sst2 = "sentence\tlabel\n";

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_tasks_and_their_metrics_are_those_of_GLUE() => Assert.Equal(
        [
            "cola: matthews", "sst2: accuracy", "mrpc: accuracy f1", "stsb: pearson spearman", "qqp: accuracy f1", "mnli: accuracy", "qnli: accuracy", "rte: accuracy",
            "wnli: accuracy",
        ],
        new GlueTaskFamily().Tasks.Select(task => $"{task.Name}: {string.Join(' ', task.Metrics)}"));

    [Theory]
    [InlineData("cola", "CoLA", "gj04\t0\t*\tHe said \"so.\n", "He said \"so.||0")]
    [InlineData("sst2", "SST-2", "sentence\tlabel\na \"fine film \t1\n", "a \"fine film ||1")]
    [InlineData("mrpc", "MRPC", "\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t7\t8\tone\t\"two\n", "one|\"two|1")]
    [InlineData("stsb", "STS-B", "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore\n0\tg\tf\ty\t0\ts\ts\tone\ttwo\t3.750\n", "one|two|3.75")]
    [InlineData("qqp", "QQP", "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n0\t1\t2\tone?\ttwo?\t0\n", "one?|two?|0")]
    [InlineData("qnli", "QNLI", "index\tquestion\tsentence\tlabel\n0\tone?\ttwo\tnot_entailment\n", "one?|two|1")]
    [InlineData("rte", "RTE", "index\tsentence1\tsentence2\tlabel\n0\tone\ttwo\tentailment\n", "one|two|0")]
    public void Each_task_finds_its_columns_and_labels(string name, string folder, string text, string expected)
    {
        scratch.Write($"{folder}/train.tsv", text);
        scratch.Write($"{folder}/dev.tsv", text);
        var data = new GlueTaskFamily().Load(name, scratch.Folder);
        Assert.Equal(name, data.Task.Name);
        Assert.Equal(("train", "validation"), (data.Train.Name, data.Validation.Single().Name));
        Assert.All([data.Train, .. data.Validation], split => Assert.Equal([expected], split.Examples.Select(Shown)));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("0", 0)]
    [InlineData("entailment", 1)]
    public void WNLI_numbers_its_labels_the_other_way_round_than_RTE(string label, int index)
    {
        scratch.Write("WNLI/train.tsv", $"index\tsentence1\tsentence2\tlabel\n0\ta\tb\t{label}\n");
        scratch.Write("WNLI/dev.tsv", $"index\tsentence1\tsentence2\tlabel\n0\tc\td\t{label}\n");
        Assert.Equal($"a|b|{index}", Shown(Load("wnli").Train.Examples[0]));
    }

    [Fact]
    public void The_place_of_a_row_is_its_file_and_line()
    {
        var train = scratch.Write("SST-2/train.tsv", $"{Sst2}a\t1\nno label\tx\nb\t0\n{string.Concat(Enumerable.Repeat("c\t1\n", 20))}");
        var dev = scratch.Write("SST-2/dev.tsv", $"{Sst2}d\t1\ne\t0\n");
        var data = Load("sst2");
        var family = new GlueTaskFamily();
        Assert.Equal($"{train}:4", family.PlaceOf("sst2", scratch.Folder, RowDigest.Compute(data.Train.Examples[1])));
        Assert.Equal($"{dev}:3", family.PlaceOf("sst2", scratch.Folder, RowDigest.Compute(data.Validation[0].Examples[1])));
        Assert.Null(family.PlaceOf("sst2", scratch.Folder, 7));
    }

    [Fact]
    public void Training_rows_that_stand_in_the_validation_rows_are_kept_and_reported()
    {
        var path = scratch.Write("SST-2/train.tsv", $"{Sst2}a\t1\nb\t0\nc\t0\nb\t1\n");
        scratch.Write("SST-2/dev.tsv", $"{Sst2}b\t1\nd\t0\n");
        var data = Load("sst2");
        Assert.Equal(4, data.Train.Examples.Count);
        Assert.Equal($"sst2: 2 of 4 training rows are also in the validation rows, the first at {path}:3; they are kept", data.Warnings.Single());
    }

    [Fact]
    public void A_validation_part_of_one_class_is_warned_of()
    {
        scratch.Write("CoLA/train.tsv", "x\t1\t\ta\nx\t0\t\tb\n");
        scratch.Write("CoLA/dev.tsv", "x\t1\t\tc\nx\t1\t\td\n");
        Assert.Contains("one class only, 'acceptable'; matthews", Load("cola").Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void MNLI_reads_its_labels_and_both_validation_files_where_both_are_there()
    {
        // the handed-out files have one annotator's label in train.tsv and five in the others
        scratch.Write("MNLI/train.tsv", "index\tsentence1\tsentence2\tlabel1\tgold_label\n0\ta\tb\tneutral\tentailment\n1\ta\tb\tneutral\tneutral\n2\ta\tb\tneutral\tcontradiction\n");
        scratch.Write("MNLI/dev_matched.tsv", "index\tsentence1\tsentence2\tlabel1\tlabel2\tgold_label\n0\tm\tn\tneutral\tneutral\tneutral\n");
        Assert.Equal(["matched"], Load("mnli").Validation.Select(split => split.Name));

        scratch.Write("MNLI/dev_mismatched.tsv", "index\tsentence1\tsentence2\tlabel1\tlabel2\tgold_label\n0\tx\ty\tneutral\tneutral\tcontradiction\n");
        var data = Load("mnli");
        Assert.Equal([0, 1, 2], data.Train.Examples.Select(example => example.Label));
        Assert.Equal(["matched m|n|1", "mismatched x|y|2"], data.Validation.Select(split => $"{split.Name} {Shown(split.Examples.Single())}"));
    }

    [Fact]
    public void Bad_rows_are_skipped_and_named_by_file_line_and_reason()
    {
        var good = string.Concat(Enumerable.Range(0, 60).Select(row => $"row {row}\t{row % 2}\n"));
        var path = scratch.Write("SST-2/train.tsv", $"{Sst2}{good}no label\na\tb\t1\nbad\t2\n  \t1\n\nlast\t0\n\n");
        scratch.Write("SST-2/dev.tsv", Sst2 + good);
        var train = Load("sst2").Train;
        Assert.Equal(61, train.Examples.Count);
        Assert.Equal("last", train.Examples[^1].First);
        Assert.All(train.Skipped, row => Assert.Equal(path, row.File));
        Assert.Equal(
            ["62: 1 columns, not 2", "63: 3 columns, not 2", "64: '2' is not a label", "65: a sentence is empty", "66: 1 columns, not 2"],
            train.Skipped.Select(row => $"{row.Line}: {row.Reason}"));
    }

    [Fact]
    public void A_file_with_more_than_a_tenth_of_bad_rows_is_refused()
    {
        const string Nine = "a\t1\nb\t1\nc\t1\nd\t1\ne\t0\nf\t0\ng\t0\nh\t0\ni\t0\n";
        scratch.Write("SST-2/dev.tsv", Sst2 + Nine);
        scratch.Write("SST-2/train.tsv", $"{Sst2}{Nine}bad\n");
        Assert.Single(Load("sst2").Train.Skipped);
        var path = scratch.Write("SST-2/train.tsv", $"{Sst2}{Nine}bad\nworse\n");
        var error = Assert.Throws<InvalidDataException>(() => Load("sst2"));
        Assert.StartsWith($"{path}:11: 1 columns, not 2, and 1 more of 11 rows", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", ": the file is empty; a table needs a header line and at least one row")]
    [InlineData("\n\n", ": the file is empty; a table needs a header line and at least one row")]
    [InlineData("sentence\tlabel", ": has no rows; a table needs")]
    [InlineData("sentence\tlabel\r\n\r\n", ": has no rows; a table needs")]
    [InlineData("sentence\tlabel\nx\n", ":2: 1 columns, not 2")]
    [InlineData("x\t1\ny\t0\n", ":1: the header has no column 'sentence'; it has x, 1")]
    public void A_file_without_a_good_row_is_refused_and_says_why(string text, string message)
    {
        var path = scratch.Write("SST-2/train.tsv", text);
        scratch.Write("SST-2/dev.tsv", $"{Sst2}a\t1\n");
        var error = Assert.Throws<InvalidDataException>(() => Load("sst2"));
        Assert.StartsWith($"{path}{message}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5.001")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("3,5")]
    [InlineData("", "the label is missing")]
    public void A_similarity_outside_its_range_is_not_a_label(string score, string? reason = null)
    {
        const string Header = "sentence1\tsentence2\tscore\n";
        var good = string.Concat(Enumerable.Repeat("a\tb\t5.000\na\tb\t0\n", 10));
        scratch.Write("STS-B/train.tsv", $"{Header}a\tb\t{score}\n{good}");
        scratch.Write("STS-B/dev.tsv", Header + good);
        var train = Load("stsb").Train;
        Assert.Equal(20, train.Examples.Count);
        Assert.Equal((2, reason ?? $"'{score}' is not a number from 0 to 5"), (train.Skipped.Single().Line, train.Skipped.Single().Reason));
    }

    [Fact]
    public void A_message_shows_a_files_own_text_short_and_without_control_characters()
    {
        var path = scratch.Write("SST-2/train.tsv", $"{Sst2}x\t\u001b[31m{new string('9', 100_000)}\n");
        scratch.Write("SST-2/dev.tsv", $"{Sst2}a\t1\n");
        var error = Assert.Throws<InvalidDataException>(() => Load("sst2"));
        Assert.InRange(error.Message.Length, path.Length, path.Length + 250);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Theory]
    [InlineData("SST-2")]
    [InlineData("sst-2")]
    [InlineData("sst2")]
    [InlineData("SST2")]
    public void A_folder_is_found_however_it_is_spelt(string folder)
    {
        scratch.Write($"{folder}/train.tsv", $"{Sst2}a\t1\n");
        scratch.Write($"{folder}/dev.tsv", $"{Sst2}b\t0");
        Assert.Equal("b||0", Shown(Load("sst2").Validation[0].Examples[0]));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Contains("SST-2", Assert.ThrowsAny<DirectoryNotFoundException>(() => new GlueTaskFamily().Load("sst2", null)).Message, StringComparison.Ordinal);
        var nowhere = Path.Combine(scratch.Folder, "nowhere");
        Assert.Contains(nowhere, Assert.ThrowsAny<DirectoryNotFoundException>(() => new GlueTaskFamily().Load("sst2", nowhere)).Message, StringComparison.Ordinal);
        Assert.Contains("SST-2", Assert.ThrowsAny<DirectoryNotFoundException>(() => Load("sst2")).Message, StringComparison.Ordinal);
        scratch.Write("SST-2/train.tsv", $"{Sst2}a\t1\n");
        Assert.Contains("dev.tsv", Assert.Throws<FileNotFoundException>(() => Load("sst2")).Message, StringComparison.Ordinal);
        scratch.Write("MNLI/dev_mismatched.tsv", "");
        scratch.Write("MNLI/train.tsv", "sentence1\tsentence2\tgold_label\na\tb\tneutral\n");
        Assert.Contains("dev_matched.tsv", Assert.Throws<FileNotFoundException>(() => Load("mnli")).Message, StringComparison.Ordinal);
    }

    private TaskData Load(string name) => new GlueTaskFamily().Load(name, scratch.Folder);

    private static string Shown(Example example) => FormattableString.Invariant($"{example.First}|{example.Second}|{example.Label}");
}
