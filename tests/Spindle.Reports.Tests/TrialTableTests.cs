using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Parquet;
using Parquet.Serialization;
using Spindle.Designs.Plans;
using Spindle.Reports.Tables;
using Spindle.Search.Trials;

namespace Spindle.Reports.Tests;

/// <summary>Trials as CSV and Parquet: both hold what the store holds.</summary>
public class TrialTableTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(Gen.String[Gen.Char["ab ,\"\n\r=;é語"], 0, 12], Gen.Const("plain"));

    private static readonly Gen<Trial> Trials = Gen.Select(Texts, Gen.Int[0, 4], Gen.Double[0, 100].Array[0, 3], Gen.Bool, Gen.Long[1, 1_000_000]).Select((text, state, scores, isFull, id) =>
        new Trial(id, new(new("S1 " + text, text, state, "task", scores.Length, state) { LearningRate = isFull ? null : 1e-3, Settings = isFull ? text : null, TrainingRows = isFull ? 128 : null },
            isFull ? new TuningPlan.Full() : new TuningPlan.Sized(null, [new(0, [new("lora", 8, 100), new("bitfit", 1, 10)]), new(2, [new("lora", 4, 50)])])), (TrialState)state)
        {
            Outcome = state is 2 or 3 ? new(scores.LastOrDefault(), new Dictionary<string, double> { ["accuracy"] = 0.5, ["f1"] = double.NaN }, scores, 160, 770, 1_000, 1.25, null) { Validation = 50 } : null,
            Failure = state == 4 ? text + "!" : null,
            Started = DateTimeOffset.FromUnixTimeMilliseconds(id * 1_000),
        });

    [Fact]
    public void A_table_as_csv_has_every_trial_and_every_value() => Trials.Array[0, 20].Sample(trials =>
    {
        using var text = new StringWriter();
        TrialTable.WriteCsv(trials, text);
        using var reader = new CsvReader(new StringReader(text.ToString()), CultureInfo.InvariantCulture);
        Assert.True(reader.Read() && reader.ReadHeader());
        Assert.Equal(Columns, reader.HeaderRecord);
        foreach (var trial in trials)
        {
            Assert.True(reader.Read());
            var line = Fields(TrialLine.Of(trial));
            Assert.All(Columns, column => Assert.Equal(line[column], reader.GetField(column)));
        }

        Assert.False(reader.Read());
    });

    [Fact]
    public void A_line_has_each_value_of_its_trial_under_its_own_name()
    {
        var key = new TrialKey("S1", "lora", 2, "sst2", 3, 41) { Given = "before", Split = 1, TrainingRows = 128, LearningRate = 2e-3, Settings = "epochs: 3", UsesAllRows = true, AveragedRuns = 4 };
        var outcome = new TrialOutcome(1, new Dictionary<string, double> { ["f1"] = 0.25 }, [5, 6], 7, 8, 9, 10, null) { Validation = 2, Test = 3, MillisecondsPerRow = 11, Diverged = "a loss" };
        var line = TrialLine.Of(new(12, new(key, new TuningPlan.Full()), TrialState.Completed)
        {
            Outcome = outcome,
            Failure = "why",
            Worker = "w",
            Started = DateTimeOffset.UnixEpoch,
            Ended = DateTimeOffset.UnixEpoch.AddSeconds(1.5),
        });
        Assert.Equal((12, "S1", "lora", "before", 2, "sst2", 41, 1), (line.Trial, line.Stage, line.Option, line.Given, line.Sample, line.Task, line.Seed, line.Split));
        Assert.Equal((3, 128, true, 4, 2e-3, "epochs: 3", "completed"), (line.Epochs, line.TrainingRows, line.UsesAllRows, line.AveragedRuns, line.LearningRate, line.Settings, line.State));
        Assert.Equal((1, 2, 3, "[5,6]", "{\"f1\":0.25}", "why", "a loss"), (line.Score, line.Validation, line.Test, line.EpochScores, line.Metrics, line.Failure, line.Diverged));
        Assert.Equal((7, 8, 9, 10, 11, "full fine-tuning"), (line.Trained, line.HeadParameters, line.ExampleSteps, line.Seconds, line.MillisecondsPerRow, line.Design));
        Assert.Equal(("w", "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:01.500Z"), (line.Worker, line.Started, line.Ended));
    }

    [Fact]
    public async Task A_table_as_parquet_has_every_trial_and_every_value()
    {
        Trial[] trials = [.. Enumerable.Range(0, 50).Select(seed => Trials.Example(seed))];
        using var bytes = new MemoryStream();
        await TrialTable.WriteParquet(trials, bytes);
        bytes.Position = 0;
        var read = await ParquetSerializer.DeserializeAsync<TrialLine>(bytes, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(trials.Select(TrialLine.Of), read.Data);
        bytes.Position = 0;
        await using var file = await ParquetReader.CreateAsync(bytes, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Columns, file.Schema.Fields.Select(field => field.Name));
    }

    private static string[] Columns => [.. Fields(new()).Keys];

    // what a cell says: its JSON value as text, without quotes
    private static Dictionary<string, string> Fields(TrialLine line) => JsonSerializer.SerializeToElement(line).EnumerateObject().ToDictionary(
        property => property.Name,
        property => property.Value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            JsonValueKind.String => property.Value.GetString()!,
            _ => property.Value.GetRawText(),
        });
}

file static class Examples
{
    public static T Example<T>(this Gen<T> gen, int seed) => gen.Array[1].Single(seed);

    private static T Single<T>(this Gen<T[]> gen, int seed)
    {
        T[] found = [];
        gen.Sample(values => { found = values; }, iter: 1, threads: 1, seed: new PCG((uint)seed, 7).ToString());
        return found[0];
    }
}
