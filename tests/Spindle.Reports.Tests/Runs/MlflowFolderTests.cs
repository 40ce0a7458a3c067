using System.Globalization;
using Spindle.Reports.Mlflow;
using Spindle.Search.Trials;

namespace Spindle.Reports.Tests.Runs;

/// <summary>MLflow's tracking folder, read as its file store reads it.</summary>
public sealed class MlflowFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("spindle-test-").FullName;

    private string Tracking => Path.Combine(folder, "mlruns");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_search_is_an_experiment_with_the_studys_name_and_a_run_for_every_finished_trial()
    {
        Assert.Equal(SomeTrials.Runs.Length, MlflowFolder.Write(Tracking, Results.Complete, SomeTrials.All));
        var experiment = Experiment("glue | tiny");
        var meta = Yaml(Path.Combine(experiment, "meta.yaml"));
        Assert.Equal(["artifact_location", "creation_time", "experiment_id", "last_update_time", "lifecycle_stage", "name"], meta.Keys);
        Assert.Equal((Path.GetFileName(experiment), "active"), (meta["experiment_id"], meta["lifecycle_stage"]));
        Assert.Equal(experiment, new Uri(meta["artifact_location"]).LocalPath);
        Assert.Equal("0", Path.GetFileName(Experiment("Default")));
        Assert.Equal(SomeTrials.Runs.Length, Directory.GetDirectories(experiment).Length);
        Assert.All(SomeTrials.Runs, trial =>
        {
            var run = Run(trial);
            var info = Yaml(Path.Combine(run, "meta.yaml"));
            Assert.Matches("^[0-9a-f]{32}$", info["run_id"]);
            Assert.Equal((Path.GetFileName(run), info["run_id"], Path.GetFileName(experiment)), (info["run_id"], info["run_uuid"], info["experiment_id"]));
            Assert.Equal((trial.State == TrialState.Completed ? "3" : "4", "active", "4", "[]"), (info["status"], info["lifecycle_stage"], info["source_type"], info["tags"]));
            Assert.Equal((trial.Started!.Value.ToUnixTimeMilliseconds(), trial.Ended!.Value.ToUnixTimeMilliseconds()), (long.Parse(info["start_time"], CultureInfo.InvariantCulture), long.Parse(info["end_time"], CultureInfo.InvariantCulture)));
            Assert.True(Directory.Exists(new Uri(info["artifact_uri"]).LocalPath));
            Assert.Equal(info["run_name"], File.ReadAllText(Path.Combine(run, "tags", "mlflow.runName")));
        });
    }

    [Fact]
    public void Metrics_are_lines_of_time_value_and_epoch_and_equal_the_store()
    {
        MlflowFolder.Write(Tracking, Results.Complete, SomeTrials.All);
        var trial = SomeTrials.Runs[0];
        Assert.Equal(trial.Outcome!.EpochScores.Index().Select(score => (score.Item, score.Index + 1)), Metric(trial, "score"));
        Assert.Equal([(0.8425, 3)], Metric(trial, "validation_accuracy"));
        Assert.Equal([(82.5, 3)], Metric(trial, "validation_score"));
        Assert.Equal([(0.5, 3)], Metric(trial, "validation_bleu _new_test"));
        Assert.False(File.Exists(Path.Combine(Run(trial), "metrics", "validation_f1")));
        // the validation rows of this trial were not scored
        Assert.Equal([(0.5, 0)], Metric(SomeTrials.Runs[1], "accuracy"));
        Assert.Equal([(50, 0)], Metric(SomeTrials.Runs[1], "score"));
        Assert.Equal([(60, 1)], Metric(SomeTrials.Runs[2], "score"));
        // names that MLflow allows
        Assert.All(Directory.GetFiles(Tracking, "*", SearchOption.AllDirectories), file => Assert.Matches(@"^[A-Za-z0-9_.\- ]+$", Path.GetFileName(file)));
    }

    [Fact]
    public void A_trial_of_three_epochs_with_one_score_has_it_and_its_metrics_at_the_third_epoch()
    {
        var trial = SomeTrials.LastEpochOnly;
        MlflowFolder.Write(Tracking, Results.Complete, [trial]);
        Assert.Equal([(84.25, 3)], Metric(trial, "score"));
        Assert.Equal([(82.5, 3)], Metric(trial, "validation_score"));
    }

    [Fact]
    public void The_training_loss_is_a_metric_by_rows_trained_on()
    {
        MlflowFolder.Write(Tracking, Results.Complete, SomeTrials.All, SomeTrials.Losses);
        Assert.Equal([(0.75, 160), (0.5, 480)], Metric(SomeTrials.Runs[0], "loss"));
        Assert.False(File.Exists(Path.Combine(Run(SomeTrials.Runs[1]), "metrics", "loss")));
    }

    [Fact]
    public void What_was_trained_is_in_the_parameters()
    {
        MlflowFolder.Write(Tracking, Results.Complete, SomeTrials.All);
        var run = Path.Combine(Run(SomeTrials.Runs[0]), "params");
        var parameters = Directory.GetFiles(run).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
        Assert.Equal(("rung 1", "lora at 0.001", "builtin/sentiment", "7", "0.001", "3"), (parameters["stage"], parameters["option"], parameters["task"], parameters["seed"], parameters["learning_rate"], parameters["epochs"]));
        Assert.Equal(("1: lora 8 + bitfit 1", "1000", "3 epochs"), (parameters["layers"], parameters["trained_parameters"], parameters["given"]));
        Assert.Equal("no memory: none is left", File.ReadAllText(Path.Combine(Run(SomeTrials.Runs[3]), "params", "failure")));
    }

    [Fact]
    public void Written_again_a_run_is_replaced_and_another_experiment_of_mlflow_with_the_studys_name_is_continued()
    {
        var own = Path.Combine(Tracking, "417");
        Directory.CreateDirectory(Path.Combine(own, "0123456789abcdef0123456789abcdef"));
        File.WriteAllText(Path.Combine(own, "meta.yaml"), "artifact_location: file:///x\nexperiment_id: '417'\nlifecycle_stage: active\nname: glue | tiny\n");
        MlflowFolder.Write(Tracking, Results.Complete, SomeTrials.All);
        MlflowFolder.Write(Tracking, Results.Complete, [SomeTrials.All[0] with { Outcome = SomeTrials.All[0].Outcome! with { EpochScores = [1] } }]);
        Assert.Equal([own], Directory.GetDirectories(Tracking));
        Assert.Equal(SomeTrials.Runs.Length + 1, Directory.GetDirectories(own).Length);
        Assert.Equal([(1, 3)], Metric(SomeTrials.All[0], "score"));
        Assert.Equal("417", Yaml(Path.Combine(Run(SomeTrials.All[0]), "meta.yaml"))["experiment_id"]);
    }

    [Fact]
    public void The_same_trial_of_another_store_is_another_run()
    {
        MlflowFolder.Write(Tracking, Results.Complete, [SomeTrials.All[0]]);
        MlflowFolder.Write(Tracking, Results.Complete, [SomeTrials.All[0] with { Added = SomeTrials.All[0].Added.AddDays(1) }]);
        var runs = Directory.GetDirectories(Experiment("glue | tiny"));
        Assert.Equal(2, runs.Length);
        Assert.Equal(2, runs.Select(run => File.ReadAllText(Path.Combine(run, "tags", "spindle.search"))).Distinct().Count());
        // a continued search may have another text, such as another limit
        MlflowFolder.Write(Tracking, Results.Complete with { Study = Results.Complete.Study with { Text = "another" } }, [SomeTrials.All[0]]);
        Assert.Equal(2, Directory.GetDirectories(Experiment("glue | tiny")).Length);
    }

    [Fact]
    public void A_folder_with_other_files_and_a_file_are_refused_and_stay_as_they_are()
    {
        var mine = Path.Combine(folder, "mine.txt");
        File.WriteAllText(mine, "mine");
        var refused = Assert.Throws<InvalidDataException>(() => MlflowFolder.Write(folder, Results.Complete, SomeTrials.All));
        Assert.Contains("name a new folder", refused.Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<InvalidDataException>(() => MlflowFolder.Write(mine, Results.Complete, SomeTrials.All)).Message, StringComparison.Ordinal);
        Assert.Equal([mine], Directory.GetFileSystemEntries(folder));
        Assert.Equal("mine", File.ReadAllText(mine));
    }

    private string Experiment(string name) => Assert.Single(Directory.GetDirectories(Tracking), experiment => Yaml(Path.Combine(experiment, "meta.yaml"))["name"] == name);

    private string Run(Trial trial) => Assert.Single(
        Directory.GetDirectories(Experiment("glue | tiny")),
        run => File.Exists(Path.Combine(run, "tags", "spindle.trial")) && File.ReadAllText(Path.Combine(run, "tags", "spindle.trial")) == trial.Id.ToString(CultureInfo.InvariantCulture));

    private (double Value, int Step)[] Metric(Trial trial, string name) => [.. File.ReadAllLines(Path.Combine(Run(trial), "metrics", name)).Select(line =>
    {
        var parts = line.Split(' ');
        Assert.InRange(long.Parse(parts[0], CultureInfo.InvariantCulture), trial.Started!.Value.ToUnixTimeMilliseconds(), trial.Ended!.Value.ToUnixTimeMilliseconds());
        Assert.Equal(3, parts.Length);
        return (double.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
    })];

    // as a parser of YAML sees it
    private static Dictionary<string, string> Yaml(string path) => new YamlDotNet.Serialization.Deserializer().Deserialize<Dictionary<string, object?>>(File.ReadAllText(path))
        .ToDictionary(pair => pair.Key, pair => pair.Value is System.Collections.IEnumerable and not string ? "[]" : (string)pair.Value!);
}
