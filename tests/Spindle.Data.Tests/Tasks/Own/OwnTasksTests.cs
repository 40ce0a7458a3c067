using Spindle.Data.Readers;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;

namespace Spindle.Data.Tests.Tasks.Own;

/// <summary>A user's own tasks, read from small files.</summary>
public sealed class OwnTasksTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("a.csv", "text,label\nfine day,good\nbad day,poor\nso so day,good\n", "Classification(good poor) text: fine day||0")]
    [InlineData("a.csv", "id,review text,stars\n1,fine day,5\n2,bad day,1\n3,so so day,3\n4,a day,5\n", "Classification(1 3 5) review text: fine day||2")]
    [InlineData("a.csv", "review;score\nfine day;0.5\nbad day;-1.25\n", "Regression[-1.25, 0.5] review: fine day||0.5")]
    [InlineData("a.tsv", "premise\thypothesis\tlabel\n\"one day\ttwo days\tyes\nsome day\tno day\tno\n", "Classification(no yes) premise+hypothesis: \"one day|two days|1")]
    [InlineData("a.csv", "first,second,label\none day,two days,yes\nsome day,no day,no\n", "Classification(no yes) first+second: one day|two days|1")]
    [InlineData("a.csv", "Question,Answer,label\nday,night,yes\nsun,moon,no\n", "Classification(no yes) Question+Answer: day|night|1")]
    [InlineData("a.csv", "text,first,second,label\none day,ann,lee,yes\nno day,bob,may,no\n", "Classification(no yes) text: one day||1")]
    [InlineData("a.jsonl", "{\"question\":\"a long text\",\"answer\":\"short text\"}\n{\"question\":\"another long text\",\"answer\":\"other text\"}\n", "TextToText question: a long text||NaN>short text")]
    [InlineData("a.jsonl", "{\"document\":\"a long text\",\"summary\":\"short text\"}\n{\"document\":\"another long text\",\"summary\":\"other text\"}\n", "TextToText document: a long text||NaN>short text")]
    [InlineData("a.jsonl", "{\"q\":\"one day\",\"n\":12}\n{\"q\":\"two days\",\"n\":11}\n{\"q\":\"x y\",\"n\":10}\n{\"q\":\"x y\",\"n\":9}\n{\"q\":\"z y\",\"n\":8}\n{\"q\":\"z y\",\"n\":7}\n{\"q\":\"z y\",\"n\":6}\n{\"q\":\"z y\",\"n\":5}\n{\"q\":\"z y\",\"n\":4}\n{\"q\":\"z y\",\"n\":3}\n{\"q\":\"z y\",\"n\":2}\n", "Regression[2, 12] q: one day||12")]
    public void The_file_decides_the_types(string file, string text, string expected)
    {
        var path = scratch.Write(file, text);
        var data = Load($"{{name: t, train: '{path}', validation: '{Copy(path)}', on-bad-row: skip}}", dropAll: true);
        var task = data.Task;
        var kind = $"{task.Kind}{(task.Labels.Count > 0 ? $"({string.Join(' ', task.Labels)})" : "")}{(task.Range is { } range ? FormattableString.Invariant($"[{range.Minimum}, {range.Maximum}]") : "")}";
        Assert.StartsWith(kind, expected, StringComparison.Ordinal);
        Assert.EndsWith($": {Shown(data.Validation[0].Examples[0])}", expected, StringComparison.Ordinal);
        foreach (var column in expected[(kind.Length + 1)..expected.IndexOf(": ", StringComparison.Ordinal)].Split('+'))
            Assert.Contains(data.Inferred, line => line.Contains($"'{column}'", StringComparison.Ordinal));
        Assert.Equal(task.Pairs, expected.Contains('+', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a,b,c\nlong text one,long text two,long text three\n", "", "which column is the label? The file has 'a', 'b', 'c'; write 'columns: {text: …, label: …}'")]
    [InlineData("a,b,label\nlong text one,long text two,1\nlong text two,long text two,0\n", "", "which column is the text?")]
    [InlineData("text,label\nfine day,good\nbad day,good\n", "", "holds one label only, 'good'")]
    [InlineData("text,label\nfine day,good\nbad day,poor\n", ", columns: {label: lable}", "the header has no column 'lable'; it has text, label")]
    [InlineData("text,label\nfine day,a\nbad day,b\nx y,c\n", ", metric: f1", "write 'metric: f1-macro'")]
    [InlineData("text,label\nfine day,a\nbad day,b\n", ", metric: pearson", "metric 'pearson' does not fit a task of kind classification")]
    [InlineData("text,label\nfine day,3\nbad day,3\n", ", kind: regression", "holds one value only")]
    [InlineData("text,text\na b,c d\n", "", "two columns are called 'text'")]
    [InlineData("", "", "the file is empty; a table needs")]
    [InlineData("text,label\nfine day,good\n\"bad\" day,poor\n", "", "(AT:3 could not be looked at: text follows a closing quote)")]
    public void What_the_file_does_not_tell_is_asked_for(string text, string keys, string message)
    {
        var path = scratch.Write("a.csv", text);
        var error = Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{path}'{keys}}}"));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message.Replace("AT", path, StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("good,good,good,poor", "", "poor", 0, 1, "f1")]
    [InlineData("good,poor,poor", "", "good", 1, 0, "f1-first")]
    [InlineData("good,good,poor", "", "poor", 0, 1, "f1")] // as many of each with the row that is added
    [InlineData("good,good,poor", ", positive: good", "good", 1, 0, "f1-first")]
    [InlineData("good,good,poor", ", positive: bad, labels: {poor: bad, good: fine}", "bad", 1, 0, "f1-first")]
    [InlineData("0,1,0", ", positive: 0", "0", 1, 0, "f1-first")]
    public void F1_is_of_the_label_that_is_named_or_of_the_rarer_one(string labels, string keys, string positive, double first, double second, string metric)
    {
        var path = scratch.Write("a.csv", "text,label\n" + string.Concat(labels.Split(',').Select((label, row) => $"text number {row},{label}\n")));
        var data = Load($"{{name: t, train: '{path}', validation: '{Copy(path)}', metric: f1, on-bad-row: skip{keys}}}", dropAll: true);
        Assert.Equal(positive, data.Task.PositiveLabel);
        Assert.Equal([metric], data.Task.Metrics);
        Assert.Equal((first, second), (Metrics.MetricCatalogue.Compute(metric, [0, 1], [0, 0]) > 0 ? 1 : 0, Metrics.MetricCatalogue.Compute(metric, [0, 1], [1, 1]) > 0 ? 1 : 0));
        Assert.Equal(!keys.Contains("positive", StringComparison.Ordinal), data.Inferred.Any(line => line.Contains($"the positive label of f1 is '{positive}'", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(", metric: f1, positive: god", "'god' is not a label; write one of 'good', 'poor' under 'positive'")]
    [InlineData(", positive: good", "only metric f1 has a positive label")]
    public void A_positive_label_that_means_nothing_is_refused(string keys, string message)
    {
        var path = scratch.Write("a.csv", "text,label\nfine day,good\nbad day,poor\n");
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{path}'{keys}}}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_labels_than_the_rows_can_teach_are_a_warning_that_names_the_column()
    {
        string Pairs(int labels, int rows) => scratch.Write($"{labels}-{rows}.csv", "premise,hypothesis,label\n" + string.Concat(Enumerable.Range(0, rows).Select(row => $"day {row},night {row},L{row % labels}\n")));
        var many = Load($"{{name: t, train: '{Pairs(600, 1800)}'}}");
        var warning = Assert.Single(many.Warnings);
        Assert.Equal($"t: 600 labels for {many.Train.Examples.Count:N0} training rows are fewer than 5 rows for each; is 'label' the label's column? Otherwise name another under 'columns', write 'kind: regression' for values, or join rare labels under 'labels'", warning);
        Assert.Empty(Load($"{{name: t, train: '{Pairs(100, 1800)}'}}").Warnings);
        var refused = Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{Pairs(600, 1800)}', class-weights: {{X: 2}}}}"));
        Assert.EndsWith("and 580 more under 'class-weights'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("good,Good,poor", "the labels 'Good' and 'good' differ only by case or spaces")]
    [InlineData("very good,very  good,poor", "the labels 'very  good' and 'very good' differ only by case or spaces")]
    [InlineData("good,bad,poor", null)]
    public void Labels_that_differ_only_by_case_or_spaces_are_warned_of(string labels, string? warning)
    {
        var path = scratch.Write("a.csv", "text,label\n" + string.Concat(labels.Split(',').Select((label, row) => $"text number {row},{label}\n")));
        var warnings = Load($"{{name: t, train: '{path}', validation: '{Copy(path)}', on-bad-row: skip}}", dropAll: true).Warnings;
        if (warning is null) Assert.DoesNotContain(warnings, line => line.Contains("differ", StringComparison.Ordinal));
        else Assert.Contains(warnings, line => line.Contains(warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"text\":\"fine day\",\"label\":\"good\"}\n{\"text\":\"bad day\",\"label\":\"po\\ud800or\"}\n{\"text\":\"grey day\",\"label\":\"good\"}\n", ":2: the label holds half a surrogate pair")]
    [InlineData("{\"text\":\"fine day\",\"label\":\"good\"}\n{\"text\":\"bad day\",\"label\":\"po\\udc00or\"}\n{\"text\":\"grey day\",\"label\":\"so\"}\n", ":2: the label holds half a surrogate pair")]
    [InlineData("{\"text\":\"fine day\",\"label\":\"good\"}\n{\"te\\ud800xt\":\"bad day\",\"label\":\"poor\"}\n", ":2: holds half a surrogate pair in the name of a field")]
    [InlineData("{\"te\\ud800xt\":\"bad day\",\"label\":\"poor\"}\n", ":1: holds half a surrogate pair in the name of a field; correct the line")]
    public void Half_a_surrogate_pair_in_a_label_or_a_name_is_refused_by_its_name_even_where_bad_rows_are_skipped(string lines, string message)
    {
        var path = scratch.Write("a.jsonl", lines);
        var error = Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{path}', on-bad-row: skip}}"));
        Assert.StartsWith(path + message, error.Message, StringComparison.Ordinal);
        Assert.Contains("correct the line", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_Latin_1_is_blamed_on_its_encoding()
    {
        var path = scratch.Write("a.csv", "");
        File.WriteAllBytes(path, [.. System.Text.Encoding.Latin1.GetBytes("text,label\ncafé noir,gut\nthé noir,schön\n")]);
        Assert.StartsWith($"{path}:2: is not UTF-8 text; save the file as UTF-8", Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{path}'}}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_called_a_folder()
    {
        var message = Assert.Throws<FileNotFoundException>(() => Load($"{{name: t, train: '{scratch.Folder}'}}")).Message;
        Assert.StartsWith($"{scratch.Folder}: is a folder; name the files", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_all_empty_are_blamed_on_their_texts_and_not_on_the_share()
    {
        var path = scratch.Write("a.csv", "text,label\n ,good\n ,poor\n");
        Assert.StartsWith($"{path}:2: a sentence is empty, and no other row can be read", Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{path}', columns: {{text: text}}}}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_slips_do_not_make_words_of_a_column_of_numbers()
    {
        var path = scratch.Write("a.csv", "text,score\n" + string.Concat(Enumerable.Range(0, 40).Select(row => FormattableString.Invariant($"text number {row},{(row == 7 ? "n/a" : row == 9 ? "NaN" : $"{row}.5")}\n"))));
        var error = Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{path}'}}"));
        Assert.StartsWith($"{path}:9: 'n/a' is not a number from 0.5 to 39.5, and 1 more of", error.Message, StringComparison.Ordinal);
        var data = Load($"{{name: t, train: '{path}', validation: 0.3, on-bad-row: skip}}");
        Assert.Equal(TaskKind.Regression, data.Task.Kind);
        Assert.Equal(2, data.Train.SkippedCount);
    }

    [Fact]
    public void What_is_not_a_number_among_numbers_is_a_label_that_is_missing()
    {
        var path = scratch.Write("a.csv", "text,label\na b,0.0\nc d,1.0\ne f,NaN\ng h,nan\ni j,1.0\n");
        Assert.StartsWith($"{Copy(path)}:4: 'NaN' is not a label, and 1 more of", Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{path}', validation: '{Copy(path)}', kind: classification}}", dropAll: true)).Message, StringComparison.Ordinal);
        var data = Load($"{{name: t, train: '{path}', validation: '{Copy(path)}', on-bad-row: skip}}", dropAll: true);
        Assert.Equal((TaskKind.Classification, "0.0 1.0", 2), (data.Task.Kind, string.Join(' ', data.Task.Labels), data.Validation[0].SkippedCount));
    }

    [Fact]
    public void A_model_is_scored_on_rows_of_the_labels_that_it_was_tuned_on_alone()
    {
        TaskDefinition task = new("t", TaskKind.Classification, ["no", "yes"], Pairs: false, ["accuracy"], null);
        task.RequireSameAnswers(task with { Metrics = ["f1"] });
        foreach (var other in new[] { task with { Labels = ["yes", "no"] }, task with { Labels = ["no", "yes", "so"] }, task with { Pairs = true }, task with { Kind = TaskKind.Regression, Labels = [] } })
            Assert.StartsWith("task 't': the model was tuned on the labels 'no', 'yes' of single texts, and the rows are ",
                Assert.Throws<InvalidDataException>(() => task.RequireSameAnswers(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_line_that_is_not_JSON_is_named()
    {
        var path = scratch.Write("a.jsonl", "\n{\"text\": \"a b\"\n" + new string('[', 5000) + "\n");
        Assert.Equal($"{path}:2: is not a JSON object; write one JSON object per line", Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{path}'}}")).Message);
    }

    [Fact]
    public void Bad_rows_are_refused_or_counted_by_kind_and_named()
    {
        var path = scratch.Write("a.csv", "");
        File.WriteAllBytes(path, [.. "text,label\nfine day,good\nbad day,poor\nx,odd\n ,good\na,b,c\n"u8, (byte)'c', 0xE9, .. ",good\nvalid text,poor\n\"a\"b,good\n"u8]);
        var validation = scratch.Write("v.csv", "text,label\nvalid text,good\nother text,poor\n");
        var keys = $"name: t, train: '{path}', validation: '{validation}', labels: [poor, good]";

        var error = Assert.Throws<InvalidDataException>(() => Load($"{{{keys}}}"));
        Assert.Equal($"{path}:4: 'odd' is not a label, and 5 more of 8 rows are bad (lines 5, 6, 7, 8, 9); correct the file, or write 'on-bad-row: skip' to leave such rows out", error.Message);

        var data = Load($"{{{keys}, on-bad-row: skip}}");
        Assert.Equal(["fine day", "bad day"], data.Train.Examples.Select(example => example.First));
        Assert.Equal(6, data.Train.SkippedCount);
        Assert.Equal(
            ["4 UnknownLabel", "5 EmptyText", "6 Columns", "7 Encoding", "8 Duplicate", "9 Malformed"],
            data.Train.Skipped.Zip([RowFaultKind.UnknownLabel, RowFaultKind.EmptyText, RowFaultKind.Columns, RowFaultKind.Encoding, RowFaultKind.Duplicate, RowFaultKind.Malformed])
                .Select(row => $"{row.First.Line} {row.Second}"));
        Assert.All(Enum.GetValues<RowFaultKind>(), kind => Assert.Equal(1, data.Train.Faults[kind]));
        Assert.Empty(data.Validation[0].Skipped);
        Assert.Contains($"t: train: 6 rows are skipped (unknown-label 1, empty-text 1, columns 1, encoding 1, duplicate 1, malformed 1), the first at {path}:4: 'odd' is not a label", data.Warnings);
    }

    [Fact]
    public void Skipped_rows_of_a_selection_file_are_counted_in_a_warning_of_their_own()
    {
        var (train, selection) = (scratch.Write("a.csv", "text,label\nfine day,good\nbad day,poor\n"), scratch.Write("s.csv", "text,label\ngrey day,poor\nwet day,\n"));
        var validation = scratch.Write("v.csv", "text,label\nold day,good\nnew day,poor\n");
        var data = Load($"{{name: t, train: '{train}', validation: '{validation}', selection: '{selection}', on-bad-row: skip}}");
        Assert.Equal([$"t: selection: 1 row is skipped (unknown-label 1), the first at {selection}:3: the label is missing"], data.Warnings);
        Assert.Single(data.Selection!.Examples);
    }

    [Fact]
    public void A_share_of_the_rows_is_held_for_validation_with_no_row_on_both_sides()
    {
        var path = scratch.Write("a.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 2000).Select(row => $"text number {row % 1500},{row % 1500 % 2}\n")));
        var data = Load($"{{name: t, train: '{path}', validation: 0.2}}");
        Assert.Equal(2000, data.Train.Examples.Count + data.Validation[0].Examples.Count);
        Assert.InRange(data.Validation[0].Examples.Count, 320, 480);
        Assert.Empty(data.Train.Examples.Intersect(data.Validation[0].Examples));
        Assert.Equal(data.Validation[0].Examples, Load($"{{name: t, train: '{path}', validation: 0.2}}").Validation[0].Examples);
        Assert.NotEqual(data.Validation[0].Examples, Load($"{{name: t, train: '{path}', validation: 0.2, seed: 1}}").Validation[0].Examples);
        Assert.Contains(data.Inferred, line => line.Contains("are held for validation", StringComparison.Ordinal));

        var few = scratch.Write("b.csv", "text,label\none text,1\n");
        Assert.Contains("the share leaves no row for", Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{few}', labels: ['0', '1']}}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_file_of_one_class_is_warned_of()
    {
        var train = scratch.Write("a.csv", "text,label\na b,x\nc d,y\n");
        var validation = scratch.Write("v.csv", "text,label\ne f,y\n");
        Assert.Contains("one class only, 'y'", Load($"{{name: t, train: '{train}', validation: '{validation}'}}").Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_mapped_as_the_description_says()
    {
        var numbers = scratch.Write("n.csv", "text,label\na b,1\nc d,0\n");
        Assert.Equal([1, 0], Labels($"{{name: t, train: '{numbers}', validation: '{Copy(numbers)}', labels: [no, yes], on-bad-row: skip}}"));
        Assert.Equal([0, 1], Labels($"{{name: t, train: '{numbers}', validation: '{Copy(numbers)}', labels: {{'1': yes, '0': no}}, on-bad-row: skip}}"));
        var words = scratch.Write("w.csv", "text,label\na b,awful\nc d,fine\ne f,bad\n");
        Assert.Equal([0, 1, 0], Labels($"{{name: t, train: '{words}', validation: '{Copy(words)}', labels: {{awful: bad, bad: bad, fine: good}}, on-bad-row: skip}}"));

        double[] Labels(string yaml) => [.. Load(yaml, dropAll: true).Validation[0].Examples.Select(example => example.Label)];
    }

    [Fact]
    public void Rows_of_a_selection_file_are_in_no_other_part()
    {
        string Rows(IEnumerable<int> numbers) => "text,label\n" + string.Concat(numbers.Select(row => $"row {row},{(row % 2 == 0 ? "a" : "b")}\n"));
        var train = scratch.Write("train.csv", Rows(Enumerable.Range(0, 40)));
        var selection = scratch.Write("selection.csv", Rows(Enumerable.Range(30, 20)));
        var validation = scratch.Write("validation.csv", Rows(Enumerable.Range(45, 10)));
        foreach (var validating in (string[])["0.3", $"'{validation}'"])
        {
            var data = Load($"{{name: t, train: '{train}', selection: '{selection}', validation: {validating}, on-bad-row: skip}}");
            string[][] parts = [Texts(data.Train), Texts(data.Selection!), Texts(data.Validation[0])];
            Assert.All(parts, part => Assert.NotEmpty(part));
            Assert.Equal(parts.Sum(part => part.Length), parts.SelectMany(part => part).Distinct().Count());
            Assert.DoesNotContain("row 35", parts[0]);
        }
        Assert.Contains("is also in the validation or selection rows",
            Assert.Throws<InvalidDataException>(() => Load($"{{name: t, train: '{train}', selection: '{selection}'}}")).Message, StringComparison.Ordinal);

        static string[] Texts(TaskSplit split) => [.. split.Examples.Select(row => row.First)];
    }

    [Theory]
    [InlineData("balanced", 2.0, 2.0 / 3)]
    [InlineData("{rare: 5}", 1.0, 5.0)]
    public void Class_weights_are_balanced_or_named(string weights, double first, double second)
    {
        var path = scratch.Write("a.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 8).Select(row => $"row {row},{(row < 2 ? "common" : "rare")}\n")));
        var data = Load($"{{name: t, train: '{path}', validation: '{scratch.Write("v.csv", "text,label\nx y,common\nz y,rare\n")}', class-weights: {weights}}}");
        Assert.Equal(["common", "rare"], data.Task.Labels);
        Assert.Equal([first, second], data.Task.ClassWeights!);
    }

    [Fact]
    public void A_minimised_metric_is_scored_by_its_skill_and_reported_as_it_is()
    {
        var path = scratch.Write("a.csv", "text,label\nx y,0.5\nz y,1.5\nw y,2.5\n");
        var task = Load($"{{name: t, train: '{path}', validation: '{Copy(path)}', metric: [pearson, mean-squared-error], on-bad-row: skip}}", dropAll: true).Task;
        Assert.Equal(["pearson", "squared-error-skill"], task.Metrics);
        Assert.Equal(["mean-squared-error"], task.Reported);
    }

    [Fact]
    public void Labels_of_test_rows_are_read_where_the_file_has_them()
    {
        var train = scratch.Write("train.csv", "text,label\nfine day,good\nbad day,poor\nso so day,good\nno day,poor\n");
        TaskSplit Test(string content) => new OwnTaskFamily([OwnTaskYaml.Parse($"{{name: t, train: '{train}', validation: '{Copy(train)}', test: '{scratch.Write("test.csv", content)}', on-bad-row: skip}}", "s")]).LoadTest("t", null)!;

        Assert.Equal([1, 0], Test("text,label\na,poor\nb,good\n").Labelled.Select(row => row.Label));
        // a row without a label is kept, and is not scored
        var partly = Test("text,label\na,poor\nb,\n");
        Assert.Equal((2, 1), (partly.Examples.Count, partly.Labelled.Count));
        // a column that only fills a place
        Assert.All(Test("text,label\na,-1\nb,-1\n").Examples, row => Assert.False(row.IsLabelled));
        Assert.All(Test("id,text\n1,a\n2,b\n").Examples, row => Assert.False(row.IsLabelled));
        Assert.Contains("test.csv:3: 'god' is not a label; correct the file", Assert.Throws<InvalidDataException>(() => Test("text,label\na,poor\nb,god\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_found_below_the_data_too_and_a_star_takes_several()
    {
        scratch.Write("part/a-1.csv", "text,label\na b,x\nc d,y\n");
        scratch.Write("part/a-2.csv", "text,label\ne f,x\n");
        scratch.Write("v.csv", string.Concat(Enumerable.Range(0, 20).Select(row => $"row {row},{row % 2}\n")));
        scratch.Write("t.csv", "text\nto be labelled\n");
        var tasks = new OwnTaskFamily([OwnTaskYaml.Parse("{name: t, train: part/a-*.csv, validation: part/a-2.csv, test: t.csv, on-bad-row: skip}", "s")]);
        Assert.Equal(["a b", "c d"], tasks.Load("t", scratch.Folder).Train.Examples.Select(example => example.First));
        Assert.Equal("to be labelled", tasks.LoadTest("t", scratch.Folder)!.Examples.Single().First);
        Assert.Contains("there is no such file, which task 't' is read from", Assert.Throws<FileNotFoundException>(() => tasks.Load("t", null)).Message, StringComparison.Ordinal);
        var headless = new OwnTaskFamily([OwnTaskYaml.Parse("{name: h, train: v.csv, validation: 0.5, header: false, columns: {text: 1, label: 2}}", "s")]).Load("h", scratch.Folder);
        Assert.Equal(20, headless.Train.Examples.Count + headless.Validation[0].Examples.Count);
    }

    [Fact]
    public void The_catalogue_takes_tasks_in_and_refuses_names_that_are_taken()
    {
        var path = scratch.Write("a.csv", "text,label\na b,x\nc d,y\ne f,x\ng h,y\ni j,x\n");
        var catalogue = TaskCatalogue.Default.With([new OwnTask("mine", [path]) { ValidationShare = 0.5 }]);
        Assert.Equal(5, catalogue.Load("mine", null) is var data ? data.Train.Examples.Count + data.Validation[0].Examples.Count : 0);
        Assert.Contains("sst2", catalogue.Names);
        Assert.Contains("part of Spindle", Assert.Throws<InvalidDataException>(() => TaskCatalogue.Default.With([new OwnTask("sst2", ["a"])])).Message, StringComparison.Ordinal);
    }

    // where validation is a copy of training, all of training is dropped as duplicates unless one more row is there
    private TaskData Load(string yaml, bool dropAll = false)
    {
        var task = OwnTaskYaml.Parse(yaml, "s.yaml");
        if (dropAll) task = task with { Train = [.. task.Train, Extra(task.Train[0])] };
        return new OwnTaskFamily([task]).Load(task.Name, null);
    }

    private string Extra(string path)
    {
        var lines = File.ReadAllLines(path);
        var last = lines[^1];
        return scratch.Write($"extra{Path.GetExtension(path)}", path.EndsWith("jsonl", StringComparison.Ordinal)
            ? last.Replace("\":\"", "\":\"extra ", StringComparison.Ordinal) + "\n"
            : $"{lines[0]}\n{(lines[0].StartsWith("id,", StringComparison.Ordinal) ? last.Replace(",", ",extra ", StringComparison.Ordinal).Replace(",extra 5", ",5", StringComparison.Ordinal) : "extra " + last)}\n");
    }

    private string Copy(string path)
    {
        var copy = Path.Combine(Path.GetDirectoryName(path)!, $"copy-{Path.GetFileName(path)}");
        File.Copy(path, copy, overwrite: true);
        return copy;
    }

    private static string Shown(Example example) =>
        FormattableString.Invariant($"{example.First}|{example.Second}|{example.Label}{(example.Target is null ? "" : $">{example.Target}")}");
}
