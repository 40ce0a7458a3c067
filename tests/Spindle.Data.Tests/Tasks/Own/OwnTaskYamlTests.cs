using Spindle.Data.Readers;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;

namespace Spindle.Data.Tests.Tasks.Own;

/// <summary>Descriptions of tasks.</summary>
public class OwnTaskYamlTests
{
    private static readonly Gen<string> Text = Gen.Char["ab :,{}[]\"'#-é*/."].Array[1, 10].Select(characters => $"x{new string(characters)}");

    [Fact]
    public void A_few_lines_are_enough()
    {
        var task = OwnTaskYaml.Parse("{name: reviews, train: reviews.csv}", "s.yaml");
        Assert.Equal(("reviews", "reviews.csv", 0.1, OnBadRow.Error), (task.Name, task.Train.Single(), task.ValidationShare, task.OnBadRow));
        Assert.True(task.Header);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var task = OwnTaskYaml.Parse("""
            name: pairs
            train: [a.csv, b.csv]
            validation: v-*.parquet
            test: t.csv
            columns: {first: q, second: a, label: same}
            kind: pair
            metric: [accuracy, f1]
            labels: {"0": other, "1": same, yes: same}
            on-bad-row: skip
            header: false
            format: tsv
            seed: 7
            """, "s.yaml");
        Assert.Equal(["a.csv", "b.csv"], task.Train);
        Assert.Equal(("v-*.parquet", "t.csv"), (task.Validation.Single(), task.Test.Single()));
        Assert.Equal(new OwnColumns("q", "a", "same"), task.Columns);
        Assert.Equal([new("0", "other"), new("1", "same"), new("yes", "same")], task.Labels);
        Assert.Equal((OwnTaskKind.Pair, OnBadRow.Skip, false, TableFormat.Tsv, 7), (task.Kind, task.OnBadRow, task.Header, task.Format, task.Seed));
        Assert.Equal(["accuracy", "f1"], task.Metrics);
        var text = OwnTaskYaml.Parse("{name: t, train: a.jsonl, validation: 0.25, columns: {source: s, target: t}, prefix: 'fix: ', range: [0, 1]}".Replace(", range: [0, 1]", "", StringComparison.Ordinal), "s.yaml");
        Assert.Equal((0.25, "fix: ", new OwnColumns("s", Target: "t")), (text.ValidationShare, text.Prefix, text.Columns));
    }

    [Theory]
    [InlineData("{train: a.csv}", "'name' is missing")]
    [InlineData("{name: a b, train: a.csv}", "other marks than letters")]
    [InlineData("{name: ../a, train: a.csv}", "other marks than letters")]
    [InlineData("{name: a}", "'train' is missing")]
    [InlineData("{name: a, train: []}", "the list is empty")]
    [InlineData("{name: a, train: a.csv, valdation: b.csv}", "did you mean 'validation'?")]
    [InlineData("{name: a, train: a.csv, validation: 1.5}", "'validation' is '1.5'")]
    [InlineData("{name: a, train: a.csv, kind: pairs}", "did you mean 'pair'?")]
    [InlineData("{name: a, train: a.csv, metric: acuracy}", "did you mean 'accuracy'?")]
    [InlineData("{name: a, train: a.csv, kind: regression, metric: accuracy}", "write one of pearson, spearman")]
    [InlineData("{name: a, train: a.csv, labels: [x]}", "needs two labels")]
    [InlineData("{name: a, train: a.csv, range: [5, 0]}", "must rise")]
    [InlineData("{name: a, train: a.csv, columns: {text: x, source: y}}", "name the same")]
    [InlineData("{name: a, train: a.csv, columns: {label: x, target: y}}", "exclude each other")]
    [InlineData("{name: a, train: a.csv, columns: {txt: x}}", "unknown key 'txt'")]
    [InlineData("{name: a, train: a.csv, kind: classification, columns: {second: x}}", "needs kind pair")]
    [InlineData("{name: a, train: a.csv, selection: 0.2}", "write the share under 'training: {selection: 0.2}'")]
    [InlineData("{name: a, train: a.csv, class-weights: equal}", "write one of balanced")]
    [InlineData("{name: a, train: a.csv, class-weights: {x: 0}}", "0")]
    [InlineData("{name: a, train: a.csv, class-weights: {}}", "the mapping is empty")]
    [InlineData("{name: a, train: a.csv, kind: regression, class-weights: balanced}", "only a classification has class weights")]
    [InlineData("{name: a, train: a.csv, on-bad-row: ignore}", "write one of error, skip")]
    [InlineData("{name: a, train: a.csv, header: 1}", "write one of true, false")]
    public void What_is_wrong_is_refused_at_its_place(string text, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => OwnTaskYaml.Parse(text, "s.yaml"));
        Assert.StartsWith("s.yaml:1:", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_task_reads_back_as_it_was() =>
        Gen.Select(Text.Array[1, 3], Text.Array[0, 2], Text.Null(), Gen.Int[0, 9], Gen.Enum<OwnTaskKind>(), Gen.Bool, Gen.Double[0.01, 0.9]).Sample((train, validation, column, seed, kind, flag, share) =>
        {
            var target = kind == OwnTaskKind.TextToText;
            var task = new OwnTask("a.b-c_1", train)
            {
                Validation = validation,
                ValidationShare = validation.Length > 0 ? 0.1 : share,
                Seed = seed,
                Test = validation,
                Columns = new(column, kind == OwnTaskKind.Pair ? column : null, target ? null : column, target ? column : null),
                Kind = kind,
                Metrics = flag ? [OwnTaskYaml.MetricsOf(target ? TaskKind.TextToText : kind == OwnTaskKind.Regression ? TaskKind.Regression : TaskKind.Classification)[0]] : [],
                Selection = flag ? ["sel, a.csv"] : [],
                ClassWeights = target || kind == OwnTaskKind.Regression ? null : flag ? new(null) : new(new Dictionary<string, double> { ["two: x"] = share }),
                Labels = kind == OwnTaskKind.Classification && flag ? [new("1", "one: {"), new("x, y", "two")] : [],
                Range = kind == OwnTaskKind.Regression && flag ? new(-1.5, 1e-7) : null,
                OnBadRow = flag ? OnBadRow.Skip : OnBadRow.Error,
                Header = flag,
                Format = flag ? TableFormat.JsonLines : null,
                Prefix = target && flag ? "translate: " : "",
            };
            var text = OwnTaskYaml.Write(task);
            var read = OwnTaskYaml.Parse(text, "t");
            Assert.Equal(text, OwnTaskYaml.Write(read));
            Assert.Equal(task.Train, read.Train);
            Assert.Equal(task.Validation, read.Validation);
            Assert.Equal(task.Labels, read.Labels);
            Assert.Equal(task.Metrics, read.Metrics);
            Assert.Equal(task.Selection, read.Selection);
            Assert.Equal(task.ClassWeights?.ByLabel, read.ClassWeights?.ByLabel);
            Assert.Equal(
                (task.Columns, task.Kind, task.Range, task.OnBadRow, task.Header, task.Format, task.Prefix, task.Seed, task.ValidationShare),
                (read.Columns, read.Kind, read.Range, read.OnBadRow, read.Header, read.Format, read.Prefix, read.Seed, read.ValidationShare));
        }, iter: 500);
}
