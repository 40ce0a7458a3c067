using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Texts;
using Spindle.Tests;

namespace Spindle.Data.Tests.Tasks;

/// <summary>Every folder of real data beside the repository.</summary>
public class SharedDataTests
{
    // train, validation, and test where there is one, as the folder's own page counts them
    private static readonly Dictionary<string, (string Task, int Train, int Validation, int Test)> Folders = new()
    {
        ["glue_data/CoLA"] = ("cola", 8551, 1043, 0),
        ["glue_data/SST-2"] = ("sst2", 67349, 872, 0),
        ["glue_data/MRPC"] = ("mrpc", 3668, 408, 0),
        ["glue_data/STS-B"] = ("stsb", 5749, 1500, 0),
        ["glue_data/RTE"] = ("rte", 2490, 277, 0),
        ["glue_data/QNLI"] = ("qnli", 18869, 5463, 0),
        ["glue_data/MNLI"] = ("mnli", 24736, 9815, 0),
        ["glue_data/QQP"] = ("qqp", 19827, 1000, 0),
        ["xsum"] = ("xsum", 1535, 200, 200),
        ["wmt16-ro-en"] = ("wmt16/en-ro", 10538, 1000, 1999),
    };

    [Fact]
    public void Every_folder_is_read_and_counted()
    {
        var root = SharedFiles.BesideFixtures("data");
        var found = Directory.EnumerateFiles(root, "train.*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
        Assert.Equal(Folders.Keys.Order(StringComparer.Ordinal), found);
        foreach (var (folder, expected) in Folders)
        {
            var data = TaskCatalogue.Default.Load(expected.Task, root);
            Assert.Equal((folder, expected.Train, expected.Validation), (folder, data.Train.Examples.Count, data.Validation.Single().Examples.Count));
            Assert.All(data.Validation.Prepend(data.Train), split =>
            {
                Assert.Equal(0, split.SkippedCount);
                Assert.Same(split.Examples, split.Labelled);
            });
            if (expected.Test > 0) Assert.Equal(expected.Test, new TextTaskFamily().LoadTest(expected.Task, root)!.Examples.Count);
        }
    }
}
