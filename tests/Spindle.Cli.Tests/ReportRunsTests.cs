using Spindle.Search.Storage;

namespace Spindle.Cli.Tests;

/// <summary><c>spindle report --tensorboard --mlflow</c>.</summary>
public class ReportRunsTests
{
    [Fact]
    public async Task A_search_is_written_for_both_tools_and_a_file_in_the_place_of_a_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        var study = folder.File("films.yaml", """
            study: films
            backbone: minilm-l6
            tasks: [builtin/sentiment]
            space: {groups: 1, strategies: [bitfit, lora]}
            training: {epochs: 1, batch-size: 8, max-length: 32, train-limit: 16, validation-limit: 16}
            search: {policy: comparison, final-epochs: 2, final-seeds: 1, baselines: []}
            """);
        var (code, _, errors) = await SpindleProcess.Run(null, "search", study, "--workers", "1", "--quiet");
        Assert.True(code == 0, errors);
        (code, var output, errors) = await SpindleProcess.RunIn(folder.Path, "report", "films.db", "--tensorboard", "tb", "--mlflow", "mlruns");
        Assert.Equal((0, "", "2 runs for TensorBoard in tb\n2 runs for MLflow in mlruns\n"), (code, output, errors));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(Assert.Single(Directory.GetDirectories(folder.File("tb"), "films-??????")), "Final"), "events.out.tfevents.*", SearchOption.AllDirectories).Length);
        using var store = SqliteTrialStore.OpenToRead(folder.File("films.db"));
        var curves = Directory.GetFiles(folder.File("mlruns"), "score", SearchOption.AllDirectories).Select(file => File.ReadAllLines(file).Select(line => double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray());
        Assert.Equal(store.Trials().Select(trial => trial.Outcome!.EpochScores).OrderBy(curve => curve[^1]).ThenBy(curve => curve[0]), curves.OrderBy(curve => curve[^1]).ThenBy(curve => curve[0]));

        // a format besides is written too
        (code, output, errors) = await SpindleProcess.RunIn(folder.Path, "report", "films.db", "--tensorboard", "tb", "--format", "json");
        Assert.True(code == 0, errors);
        Assert.StartsWith("{", output, StringComparison.Ordinal);

        foreach (var (option, other) in ((string, string)[])[("--tensorboard", "--mlflow"), ("--mlflow", "--tensorboard")])
        {
            (code, output, errors) = await SpindleProcess.RunIn(folder.Path, "report", "films.db", option, "films.yaml", other, "new");
            Assert.Equal((2, "", "spindle: films.yaml: is a file; name a folder\n"), (code, output, errors));
        }

        Assert.False(Directory.Exists(folder.File("new")));

        Assert.StartsWith("study: films", await File.ReadAllTextAsync(study, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
