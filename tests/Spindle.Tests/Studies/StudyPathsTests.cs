using Microsoft.Data.Sqlite;
using Spindle.Data.Tasks.Own;
using Spindle.Designs;
using Spindle.Models.Backbones;
using Spindle.Search.Storage;
using Spindle.Studies;
using Spindle.Tests.Checkpoints;
using Spindle.Yaml;

namespace Spindle.Tests.Studies;

/// <summary>Relative paths in a study start from the folder of its file, wherever a program runs.</summary>
public sealed class StudyPathsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-paths-");
    private readonly string before = Directory.GetCurrentDirectory();

    public void Dispose()
    {
        Directory.SetCurrentDirectory(before);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("elsewhere")]
    [InlineData("project/studies")]
    public void Data_rows_backbone_and_designs_are_found_from_the_folder_of_the_study(string current)
    {
        var file = Project();
        Directory.CreateDirectory(At(current));
        Directory.SetCurrentDirectory(At(current));
        foreach (var named in (string[])[file, Path.GetRelativePath(".", file)])
        {
            var study = Study.Read(named);
            Assert.Equal(At("project/models/tiny"), Path.GetFullPath(study.BackbonePlace));
            Assert.Equal(At("project/data"), Path.GetFullPath(study.DataPlace!));
            Assert.Equal(["mine"], study.BaselineDesigns.Keys);
            var rows = new OwnTaskFamily(study.OwnTasks).Load("own", study.DataPlace);
            Assert.Equal((40, 20), (rows.Train.Examples.Count, rows.Validation[0].Examples.Count));
            // a command that is only given the study's tasks finds the same files
            Assert.Equal(20, new OwnTaskFamily(study.OwnTasks).Load("own", null).Validation[0].Examples.Count);
            // the text is that of the file, so that a store is the same study's from every folder
            Assert.Equal(StudyYaml.Write(Study.Read(file)), StudyYaml.Write(study));
        }
    }

    [Fact]
    public void A_search_resumes_from_another_folder_and_its_trials_are_trained_again_from_there()
    {
        var file = Project();
        Directory.SetCurrentDirectory(At("project"));
        string[] first = Keys(Search("studies/study.yaml", "studies/study.db"));
        Directory.SetCurrentDirectory(At("project/studies"));
        Assert.Equal(first, Keys(Search("study.yaml", "study.db")));
        Directory.SetCurrentDirectory(before);
        Assert.Equal(first, Keys(Search(file, At("project/studies/study.db"))));
        using var again = TaskTraining.From(new(At("project/studies/study.db")) { Option = "lora" });
        Assert.Equal(again.Expected, again.Run(stop: TestContext.Current.CancellationToken).Score);
    }

    [Fact]
    public void Stores_of_earlier_searches_are_found_from_the_folder_of_the_study_and_named_alike_from_every_folder()
    {
        var file = Project();
        File.WriteAllText(file, File.ReadAllText(file).Replace("policy: comparison", "policy: joint, from: [../earlier.db]", StringComparison.Ordinal));
        var texts = new List<string>();
        foreach (var current in (string[])["", "project", "project/studies"])
        {
            Directory.SetCurrentDirectory(At(current));
            foreach (var named in (string[])[file, Path.GetRelativePath(".", file)])
            {
                var study = Study.Read(named).StartingFrom([Path.GetRelativePath(".", At("project/studies/other.db")), At("project/earlier.db")]);
                Assert.Equal(["../earlier.db", "other.db"], study.Search.From);
                Assert.Equal([At("project/earlier.db"), At("project/studies/other.db")], study.FromPlaces.Select(Path.GetFullPath));
                Assert.Equal(study.FromPlaces.Select(Path.GetFullPath), study.MovedTo(At("project")).FromPlaces.Select(Path.GetFullPath));
                texts.Add(StudyYaml.Write(study));
                Assert.Equal(study.Search.From, StudyYaml.Parse(texts[^1], "study").Search.From);
            }
        }

        Assert.Single(texts.Distinct());
    }

    [Fact]
    public void A_store_that_keeps_paths_from_the_current_folder_still_belongs_to_the_study()
    {
        Project();
        Directory.SetCurrentDirectory(At("project"));
        var study = Study.Read("studies/study.yaml");
        // as older versions wrote it: relative to the folder in which the search ran
        var former = study.MovedTo("") with { Folder = null };
        Assert.Equal(("models/tiny", "data"), (former.Backbone, former.Data));
        Assert.Contains("train: studies/rows.csv", StudyYaml.Write(former), StringComparison.Ordinal);
        using (var search = StudySearch.Prepare(former, new() { Store = "old.db" })) search.Run(stop: TestContext.Current.CancellationToken);
        Older("old.db");
        using var resumed = StudySearch.Prepare(study, new() { Store = "old.db" });
        Assert.True(resumed.Run(stop: TestContext.Current.CancellationToken).IsComplete);

        Older("old.db");
        File.Copy(At("project/studies/rows.csv"), At("project/studies/other.csv"));
        File.WriteAllText(At("project/studies/study.yaml"), File.ReadAllText(At("project/studies/study.yaml")).Replace("rows.csv", "other.csv", StringComparison.Ordinal));
        using var other = StudySearch.Prepare(Study.Read("studies/study.yaml"), new() { Store = "old.db" });
        Assert.Contains("belongs to another study", Assert.Throws<InvalidDataException>(() => other.Run(stop: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_that_moves_names_the_same_files()
    {
        var study = Study.Read(Project());
        Directory.CreateDirectory(At("elsewhere"));
        var moved = study.MovedTo(At("elsewhere"));
        Assert.Equal((At("project/data"), At("project/models/tiny")), (Path.GetFullPath(moved.DataPlace!), Path.GetFullPath(moved.BackbonePlace)));
        var task = moved.OwnTasks[0];
        // files below the folder of the data stay as they are
        Assert.Equal(("../project/studies/rows.csv", "held.csv"), (task.Train[0], task.Validation[0]));
        Assert.Equal(40, new OwnTaskFamily([task]).Load("own", moved.DataPlace).Train.Examples.Count);
    }

    // an older store knows no folder
    private static void Older(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "update study set record = json_remove(record, '$.folder', '$.Folder')";
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private static string Search(string file, string store)
    {
        using var search = StudySearch.Prepare(Study.Read(file), new() { Store = store });
        Assert.True(search.Run(stop: TestContext.Current.CancellationToken).IsComplete);
        return store;
    }

    private static string[] Keys(string store)
    {
        using var opened = SqliteTrialStore.Open(store);
        return [.. opened.Trials("Final").Select(trial => $"{trial.Id} {trial.Spec.Key} {trial.Outcome?.Score}")];
    }

    private string At(string name) => Path.GetFullPath(Path.Combine(folder.FullName, name));

    private string Project()
    {
        foreach (var name in (string[])["project/studies", "project/data", "project/designs", "project/models"]) Directory.CreateDirectory(At(name));
        using (var tiny = new TinyCheckpoint("bert-tiny"))
        {
            Directory.CreateDirectory(At("project/models/tiny"));
            foreach (var part in Directory.EnumerateFiles(tiny.Folder)) File.Copy(part, At(Path.Combine("project/models/tiny", Path.GetFileName(part))));
        }
        File.WriteAllText(At("project/studies/rows.csv"), Rows(40, 0));
        File.WriteAllText(At("project/data/held.csv"), Rows(20, 100));
        using (var outline = BackboneCatalogue.Outline(At("project/models/tiny"), new()))
            File.WriteAllText(At("project/designs/mine.yaml"), DesignYaml.Write(Design.Uniform(new("lora"), outline.Layers.Count)));
        var file = At("project/studies/study.yaml");
        File.WriteAllText(file, """
            backbone: ../models/tiny
            data: ../data
            tasks: [{name: own, train: rows.csv, validation: held.csv}]
            budget: 100%
            space: {groups: 1, strategies: [lora]}
            training: {epochs: 1, batch-size: 8, max-length: 16}
            search: {policy: comparison, final-epochs: 1, final-seeds: 1, baselines: [../designs/mine.yaml]}
            """);
        return file;

        static string Rows(int count, int from) => "text,label\n" + string.Concat(Enumerable.Range(from, count).Select(row => $"row {row} is {(row % 2 == 0 ? "good" : "bad")},{row % 2}\n"));
    }
}
