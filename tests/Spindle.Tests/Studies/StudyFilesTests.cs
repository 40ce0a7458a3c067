using Spindle.Designs.Budgets;
using Spindle.Studies;

namespace Spindle.Tests.Studies;

/// <summary>The study files that users are handed can be run.</summary>
public class StudyFilesTests
{
    private static readonly string Root = Path.Combine(SharedFiles.Repository, "studies");

    // a search leaves the designs of what it tuned beside its study
    public static TheoryData<string> Files =>
    [
        .. Directory.EnumerateFiles(Root, "*.yaml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Contains(".tuned", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_study_file_names_only_what_there_is(string file)
    {
        var study = StudyYaml.Read(Path.Combine(Root, file));
        Assert.NotEmpty(study.Tasks);
        Assert.Equal(StudyYaml.Write(study), StudyYaml.Write(StudyYaml.Parse(StudyYaml.Write(study), file)));
    }

    [Fact]
    public void Each_of_the_papers_six_backbones_has_a_study_with_the_papers_settings()
    {
        string[] backbones = ["bart-base", "bart-large", "roberta-base", "roberta-large", "t5-3b", "t5-base"];
        var folder = Path.Combine(Root, "paper");
        Assert.Equal(backbones, Directory.EnumerateFiles(folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
        foreach (var name in backbones)
        {
            var study = StudyYaml.Read(Path.Combine(folder, $"{name}.yaml"));
            Assert.EndsWith(name, study.Backbone);
            Assert.Equal(Budget.OfShare(0.005m), study.Budget);
            Assert.Equal(4, study.Space.Groups);
            Assert.Equal(["adapter", "bitfit", "lora", "prefix"], study.Space.Strategies.Order(StringComparer.Ordinal));
            Assert.Equal(100, study.Search.SamplesPerOption);
            Assert.Equal(3, study.Training.Epochs);
            Assert.Equal(5e-5, study.Training.LearningRate);
            Assert.Equal(name is "t5-3b" or "bart-large" or "roberta-large" ? 64 : 128, study.Training.BatchSize);
            Assert.Equal(5, study.Search.FinalSeeds);
            Assert.Equal(["cola", "mnli", "mrpc", "qnli", "qqp", "rte", "sst2", "stsb"], study.Tasks.Select(task => task.Name).Order(StringComparer.Ordinal));
        }
    }
}
