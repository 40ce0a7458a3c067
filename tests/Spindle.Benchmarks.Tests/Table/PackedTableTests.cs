using Parquet;
using Spindle.Benchmarks.Recording.Table;

namespace Spindle.Benchmarks.Tests.Table;

public class PackedTableTests
{
    [Fact]
    public void Packed_trials_read_back_as_they_were_recorded()
    {
        using var scratch = new Scratch();
        RecordedTrial[] trials =
        [
            MadeUp.Trial,
            MadeUp.Trial with { Name = "head", Kind = "baseline", Design = null, Layers = ["", "", "", "", "", ""], Trained = 0, HeadParameters = 770 },
            MadeUp.Trial with { Scores = [50], Predictions = [MadeUp.Trial.Predictions[0]], Diverged = "the loss was not finite", Failure = "the loss was not finite again" },
        ];
        PackedTable.Write(scratch["t.parquet"], trials);
        var read = PackedTable.Read(scratch["t.parquet"]);
        Assert.Equal(trials.Length, read.Count);
        foreach (var (before, after) in trials.Zip(read))
        {
            Assert.Equal(before with { Layers = after.Layers, Scores = after.Scores, Predictions = after.Predictions }, after);
            Assert.Equal(before.Layers, after.Layers);
            Assert.Equal(before.Scores, after.Scores);
            Assert.Equal(before.Predictions, after.Predictions);
        }
    }

    [Fact]
    public void A_file_that_is_no_table_is_refused_in_one_line()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch["t.parquet"], "not a table");
        var message = Assert.Throws<InvalidDataException>(() => PackedTable.Read(scratch["t.parquet"])).Message;
        Assert.StartsWith(scratch["t.parquet"], message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Packing_adds_new_lines_to_the_table_and_keeps_each_trial_once()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["lines"]);
        LineFile.Append(Path.Combine(scratch["lines"], "a.jsonl"), MadeUp.Trial);
        PackCommand.Run(scratch["lines"], scratch["t.parquet"]);
        LineFile.Append(Path.Combine(scratch["lines"], "b.jsonl"), MadeUp.Trial with { Key = MadeUp.Trial.Key with { Task = "sst2" } });
        PackCommand.Run(scratch["lines"], scratch["t.parquet"]);
        Assert.Equal(["sst2", "stsb"], PackedTable.Read(scratch["t.parquet"]).Select(trial => trial.Key.Task));
    }

    [Fact]
    public async Task The_README_explains_every_column_of_the_table()
    {
        using var scratch = new Scratch();
        PackedTable.Write(scratch["t.parquet"], [MadeUp.Trial]);
        var readme = await File.ReadAllTextAsync(Path.Combine(Spindle.Tests.SharedFiles.Repository, "benchmarks", "recorded", "README.md"), TestContext.Current.CancellationToken);
        var schema = await ParquetReader.ReadSchemaAsync(scratch["t.parquet"]);
        Assert.All(schema.DataFields, field => Assert.Contains($"`{field.Name}`", readme, StringComparison.Ordinal));
    }
}
