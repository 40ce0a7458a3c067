using Spindle.Benchmarks.Recording.Recording;
using Spindle.Benchmarks.Recording.Table;
using Spindle.Data.Tasks;
using Spindle.Tests;

namespace Spindle.Benchmarks.Tests.Recording;

public class RecorderTests
{
    private static string Glue => SharedFiles.BesideFixtures("data", "glue_data");

    [Fact]
    public void A_trial_is_scored_after_each_epoch_and_at_the_end_on_rows_that_report_and_is_the_same_again()
    {
        using var recorder = new Recorder(Glue);
        var candidate = recorder.Candidates(1)[0];
        var trial = recorder.Train(candidate, new(0, "sst2", 1, 16));
        Assert.Equal((3, 1), (trial.Selection.Count, trial.Report.Count));
        Assert.DoesNotContain(trial.Report[0], trial.Selection);
        Assert.Equal(3 * 16, trial.Examples);
        Assert.Equal(candidate.Plan.Parameters, trial.Trained);
        Assert.True(trial.Seconds > 0);
        var again = recorder.Train(candidate, new(0, "sst2", 1, 16));
        Assert.Equal(trial.Selection, again.Selection);
        Assert.Equal(trial.Report, again.Report);
    }

    [Theory]
    [InlineData("sst2")]
    [InlineData("mrpc")]
    public void Rows_that_train_select_and_report_are_different_rows(string task)
    {
        var rows = new RecordedTasks().Load(task, Glue);
        Assert.Equal(
            (RecordedTasks.Training, RecordedTasks.Selection, RecordedTasks.Report),
            (rows.Train.Labelled.Count, rows.Selection!.Labelled.Count, rows.Validation[0].Labelled.Count));
        HashSet<object> Distinct(TaskSplit split) => [.. split.Labelled.Select(row => (row.First, row.Second))];
        var (train, selection, report) = (Distinct(rows.Train), Distinct(rows.Selection), Distinct(rows.Validation[0]));
        // GLUE itself repeats a few rows
        Assert.InRange(train.Intersect(selection).Count(), 0, 4);
        Assert.InRange(train.Concat(selection).Intersect(report).Count(), 0, 4);
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
