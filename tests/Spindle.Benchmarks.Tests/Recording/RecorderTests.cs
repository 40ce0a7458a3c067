using Spindle.Benchmarks.Recording.Recording;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Data.Tasks;
using Spindle.Tests;

namespace Spindle.Benchmarks.Tests.Recording;

public class RecorderTests
{
    private static string Glue => SharedFiles.BesideFixtures("data", "glue_data");

    [Fact]
    public void A_trial_is_scored_row_by_row_after_each_epoch_and_is_the_same_again()
    {
        using var recorder = new Recorder(Glue);
        var candidate = recorder.Candidates(1)[0];
        var trial = recorder.Train(candidate, new(0, "sst2", 1, 16));
        var labels = recorder.Rows["sst2"];
        Assert.Equal(RecordedTasks.Scored, labels.Count);
        Assert.Equal(3, trial.Predictions.Count);
        Assert.Equal(trial.Scores, trial.Predictions.Select(rows => Math.Round(100.0 * rows.Zip(labels).Count(row => RowPredictions.Predicted("sst2", (sbyte)row.First) == row.Second) / labels.Count, 3)));
        Assert.Equal(3 * 16, trial.Examples);
        Assert.Equal(candidate.Plan.Parameters, trial.Trained);
        Assert.True(trial.Seconds > 0);
        var again = recorder.Train(candidate, new(0, "sst2", 1, 16));
        Assert.Equal(trial.Scores, again.Scores);
        Assert.Equal(trial.Predictions, again.Predictions);
    }

    [Theory]
    [InlineData("sst2")]
    [InlineData("qqp")]
    public void Rows_that_train_and_rows_that_are_scored_are_different_rows(string task)
    {
        var rows = new RecordedTasks().Load(task, Glue);
        Assert.Equal((RecordedTasks.Training, RecordedTasks.Scored), (rows.Train.Labelled.Count, rows.Validation[0].Labelled.Count));
        HashSet<object> Distinct(TaskSplit split) => [.. split.Labelled.Select(row => (row.First, row.Second))];
        // GLUE itself repeats a few rows
        Assert.InRange(Distinct(rows.Train).Intersect(Distinct(rows.Validation[0])).Count(), 0, 4);
    }

    [Fact]
    public void A_recording_leaves_out_what_is_recorded_and_refuses_to_record_a_part_twice_at_once()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["lines"]);
        foreach (var id in RecordingPlan.Of(0)) LineFile.Append(Path.Combine(scratch["lines"], "part-2-of-2.jsonl"), MadeUp.Trial with { Key = id });
        RecordCommand.Run(scratch["lines"], scratch["none.parquet"], Glue, new(1, 1), 1);
        Assert.False(File.Exists(Path.Combine(scratch["lines"], "part-1-of-1.jsonl")));

        using var held = new FileStream(Path.Combine(scratch["lines"], "part-1-of-1.jsonl.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Assert.Contains("another process", Assert.Throws<InvalidDataException>(() => RecordCommand.Run(scratch["lines"], scratch["none.parquet"], Glue, new(1, 1), 1)).Message, StringComparison.Ordinal);
    }
}
