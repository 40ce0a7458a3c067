using Spindle.Studies;
using Spindle.Tuning;

namespace Spindle.Tests.Library;

public sealed class TuneStudyTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-tune-study-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(60)]
    [InlineData(700)]
    public void What_is_planned_is_what_its_file_says(int rows)
    {
        var file = Path.Combine(folder.FullName, "reviews.csv");
        File.WriteAllLines(file, ["text,label", .. Enumerable.Range(0, rows).Select(row => $"text number {row},{(row % 2 == 0 ? "good" : "bad")}")]);
        var (planned, _) = TuneStudy.Plan(new(file) { Time = TimeSpan.FromMinutes(10) });
        var read = StudyYaml.Parse(StudyYaml.Write(planned), "reviews.yaml");
        Assert.Equal(planned.Training, read.Training);
        Assert.Equal(planned.LearningRates, read.LearningRates);
        Assert.Contains(planned.Training.LearningRate, planned.LearningRates);
    }

    [Fact]
    public void The_file_names_the_studys_own_learning_rate_so_that_a_longer_list_does_not_change_it()
    {
        var file = Path.Combine(folder.FullName, "reviews.csv");
        File.WriteAllLines(file, ["text,label", .. Enumerable.Range(0, 60).Select(row => $"text number {row},{(row % 2 == 0 ? "good" : "bad")}")]);
        var text = StudyYaml.Write(TuneStudy.Plan(new(file)).Study);
        Assert.Contains("\n  learning-rate: [0.001, 0.002]\n  default-learning-rate: 0.001\n", text, StringComparison.Ordinal);
        var longer = StudyYaml.Parse(text.Replace("[0.001, 0.002]", "[0.0001, 0.0003, 0.001, 0.002]", StringComparison.Ordinal), "reviews.yaml");
        Assert.Equal((4, 0.001), (longer.LearningRates.Count, longer.Training.LearningRate));
    }
}
