using System.Text;
using Spindle.Reports.TensorBoard;
using Spindle.Search.Trials;
using static Spindle.Reports.Tests.Runs.EventFileReader;

namespace Spindle.Reports.Tests.Runs;

/// <summary>TensorBoard's files, read by the field numbers of <c>event.proto</c>, <c>summary.proto</c>, <c>tensor.proto</c> and the plugin hparams.</summary>
public sealed class TensorBoardFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("spindle-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_readers_checksum_is_the_published_one() => Assert.Equal(0xE3069283, Crc(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Every_finished_trial_is_a_run_whose_scalars_are_its_scores_by_epoch()
    {
        Assert.Equal(SomeTrials.Runs.Length, TensorBoardFolder.Write(folder, Results.Complete, SomeTrials.All));
        Assert.Equal(SomeTrials.Runs.Length, Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length);
        foreach (var trial in SomeTrials.Runs)
        {
            var events = Read(FileOf(trial));
            Assert.Equal("brain.Event:2", events[0].Text(3));
            Assert.All(events, one => Assert.InRange(one.Double(1), trial.Started!.Value.ToUnixTimeSeconds(), trial.Ended!.Value.ToUnixTimeSeconds()));
            var scores = Scalars(events).Where(scalar => scalar.Tag == "eval/score").Select(scalar => (scalar.Step, scalar.Value));
            IReadOnlyList<double> expected = trial.Outcome is null ? [] : trial.Outcome.EpochScores is { Count: > 0 } curve ? curve : [trial.Outcome.Score!.Value];
            var first = trial.Outcome?.EpochScores.Count > 0 ? 1 : 0;
            Assert.Equal(expected.Index().Where(score => double.IsFinite(score.Item)).Select(score => ((long)score.Index + first, (float)score.Item)), scores);
        }
    }

    [Fact]
    public void A_trial_of_three_epochs_with_one_score_has_it_and_its_metrics_at_the_third_epoch()
    {
        TensorBoardFolder.Write(folder, Results.Complete, [SomeTrials.LastEpochOnly]);
        var scalars = Scalars(Read(FileOf(SomeTrials.LastEpochOnly))).ToLookup(scalar => scalar.Tag, scalar => (scalar.Step, scalar.Value));
        Assert.Equal((3, 84.25f), Assert.Single(scalars["eval/score"]));
        Assert.Equal((3, 82.5f), Assert.Single(scalars["eval/validation_score"]));
    }

    [Fact]
    public void Metrics_and_other_scores_stand_at_the_last_epoch()
    {
        TensorBoardFolder.Write(folder, Results.Complete, SomeTrials.All);
        var scalars = Scalars(Read(FileOf(SomeTrials.Runs[0]))).ToLookup(scalar => scalar.Tag, scalar => (scalar.Step, scalar.Value));
        Assert.Equal((3, 0.8425f), Assert.Single(scalars["eval/validation_accuracy"]));
        Assert.Equal((3, 82.5f), Assert.Single(scalars["eval/validation_score"]));
        Assert.Equal((3, 81f), Assert.Single(scalars["eval/test_score"]));
        Assert.Equal((3, 12.5f), Assert.Single(scalars["eval/seconds"]));
        // a metric that is not a number
        Assert.Empty(scalars["eval/validation_f1"]);
    }

    [Fact]
    public void Metrics_are_named_after_the_validation_rows_only_where_those_were_scored()
    {
        TensorBoardFolder.Write(folder, Results.Complete, SomeTrials.All);
        Assert.DoesNotContain("eval/accuracy", Scalars(Read(FileOf(SomeTrials.Runs[0]))).Select(scalar => scalar.Tag));
        var tags = Scalars(Read(FileOf(SomeTrials.Runs[1]))).Select(scalar => scalar.Tag).ToArray();
        Assert.Contains("eval/accuracy", tags);
        Assert.DoesNotContain(tags, tag => tag.Contains("validation", StringComparison.Ordinal));
    }

    [Fact]
    public void The_training_loss_is_a_scalar_by_rows_trained_on_between_the_start_and_the_end()
    {
        TensorBoardFolder.Write(folder, Results.Complete, SomeTrials.All, SomeTrials.Losses);
        var trial = SomeTrials.Runs[0];
        var events = Read(FileOf(trial));
        Assert.Equal([(160, 0.75f), (480, 0.5f)], Scalars(events).Where(scalar => scalar.Tag == "train/loss").Select(scalar => (scalar.Step, scalar.Value)));
        Assert.All(events, one => Assert.InRange(one.Double(1), trial.Started!.Value.ToUnixTimeSeconds(), trial.Ended!.Value.ToUnixTimeSeconds()));
        Assert.DoesNotContain(Scalars(Read(FileOf(SomeTrials.Runs[1]))), scalar => scalar.Tag == "train/loss");
    }

    [Fact]
    public void What_was_trained_is_a_text_and_the_hyperparameters_of_the_run()
    {
        TensorBoardFolder.Write(folder, Results.Complete, SomeTrials.All);
        var values = Read(FileOf(SomeTrials.Runs[3])).Where(one => one.Has(5)).Select(one => one.The(5).The(1)).ToLookup(value => value.Text(1));
        var text = Assert.Single(values["args/text_summary"]);
        Assert.Equal("text", text.The(9).The(1).Text(1));
        Assert.Equal((7, 1), (text.The(8).Number(1), text.The(8).The(2).The(2).Number(1)));
        Assert.Contains("| option | pre\\|fix |", text.The(8).Text(8), StringComparison.Ordinal);

        var start = Assert.Single(values["_hparams_/session_start_info"]);
        Assert.Equal("hparams", start.The(9).The(1).Text(1));
        var hyperparameters = start.The(9).The(1).The(2).The(3).Inner(1).ToDictionary(entry => entry.Text(1), entry => entry.The(2));
        Assert.Equal("pre|fix", hyperparameters["option"].Text(3));
        Assert.Equal(28, hyperparameters["seed"].Double(2));
        Assert.Equal("no memory: none is left", hyperparameters["failure"].Text(3));
        var (failure, success) = (2, 1);
        Assert.Equal(failure, Assert.Single(values["_hparams_/session_end_info"]).The(9).The(1).The(2).The(4).Number(1));
        Assert.Equal(success, Read(FileOf(SomeTrials.Runs[0]))[^1].The(5).The(1).The(9).The(1).The(2).The(4).Number(1));
    }

    [Fact]
    public void Runs_are_replaced_when_they_are_written_again_and_other_files_stay()
    {
        var other = Path.Combine(folder, "mine.txt");
        File.WriteAllText(other, "mine");
        TensorBoardFolder.Write(folder, Results.Complete, SomeTrials.All);
        var again = SomeTrials.All[0] with { Outcome = SomeTrials.All[0].Outcome! with { EpochScores = [1, 2] }, Started = SomeTrials.All[0].Started!.Value.AddSeconds(5) };
        TensorBoardFolder.Write(folder, Results.Complete, [again]);
        Assert.Equal([(1, 1f), (2, 2f)], Scalars(Read(FileOf(again))).Where(scalar => scalar.Tag == "eval/score").Select(scalar => (scalar.Step, scalar.Value)));
        Assert.Equal("mine", File.ReadAllText(other));
        Assert.Equal(SomeTrials.Runs.Length + 1, Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Two_stores_of_a_study_have_separate_runs_and_one_that_was_continued_replaces_its_runs()
    {
        Trial[] others = [.. SomeTrials.All.Select(trial => trial with { Added = trial.Added.AddSeconds(1) })];
        TensorBoardFolder.Write(folder, Results.Complete, SomeTrials.All[..2]);
        TensorBoardFolder.Write(folder, Results.Complete, others);
        TensorBoardFolder.Write(folder, Results.Complete, SomeTrials.All);
        Assert.Equal([SomeTrials.Runs.Length, SomeTrials.Runs.Length], Directory.GetDirectories(folder).Select(search => Directory.GetFiles(search, "*tfevents*", SearchOption.AllDirectories).Length));
        Assert.All(Directory.GetDirectories(folder), search => Assert.Matches("^glue---tiny-[0-9a-f]{6}$", Path.GetFileName(search)));
    }

    // in STUDY-SEARCH/STAGE/TRIAL, found by its number
    private string FileOf(Trial trial) => Assert.Single(Directory.GetFiles(Path.Combine(Assert.Single(Directory.GetDirectories(folder)), trial.Spec.Key.Stage.Replace(' ', '-')), "*tfevents*", SearchOption.AllDirectories),
        file => Path.GetFileName(Path.GetDirectoryName(file))!.StartsWith(FormattableString.Invariant($"{trial.Id:D4}-"), StringComparison.Ordinal));

    private static IEnumerable<(string Tag, long Step, float Value)> Scalars(IEnumerable<Message> events) =>
        from one in events
        where one.Has(5)
        let value = one.The(5).The(1)
        where value.Has(2)
        select (value.Text(1), one.Number(2), value.Float(2));
}
