using Spindle.Data.Tasks;
using Spindle.Tests;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;
using Spindle.Yaml;

namespace Spindle.Training.Tests.Tuned;

/// <summary>The README of a tuned or exported folder.</summary>
public class ModelCardTests
{
    private static readonly TunedRecord Record = new()
    {
        Backbone = "minilm-l6",
        Fingerprint = "abc",
        Head = HeadKind.SentenceEncoder,
        Task = new("reviews", TaskKind.Classification, ["bad", "good"], false, ["accuracy"], null),
        MaxLength = 128,
        Layers = [new(0, [new("lora", 8, 100), new("bitfit", 1, 10)]), new(3, [new("lora", 8, 100)])],
        Score = 81.25,
    };

    [Theory]
    [InlineData(ExportFormat.Spindle, "spindle", "adapter", "spindle predict")]
    [InlineData(ExportFormat.HfPeft, "peft", "adapter", "from peft import")]
    [InlineData(ExportFormat.Merged, "transformers", "finetune", "from transformers import")]
    [InlineData(ExportFormat.SentenceTransformers, "sentence-transformers", "finetune", "spindle predict")]
    public void The_metadata_names_the_library_the_base_model_the_strategies_and_the_score(ExportFormat format, string library, string relation, string usage)
    {
        var card = ModelCard.Write(Record, format);
        var metadata = Metadata(card);
        Assert.Equal(library, metadata.Text("library_name"));
        Assert.Equal(("sentence-transformers/all-MiniLM-L6-v2", relation), (metadata.Text("base_model"), metadata.Text("base_model_relation")));
        Assert.Equal("text-classification", metadata.Text("pipeline_tag"));
        Assert.Equal(["spindle", "lora", "bitfit"], Tags(metadata));
        Assert.Contains("metrics: [{type: accuracy, value: 0.8125}]", card, StringComparison.Ordinal);
        Assert.Contains("210 parameters in 2 layers, without the head: lora, bitfit", card, StringComparison.Ordinal);
        Assert.Contains(usage, card, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_names_no_path_of_the_machine()
    {
        var folder = SharedFiles.BesideFixtures("families", "models", "mpnet-tiny");
        var card = ModelCard.Write(Record with { Backbone = folder }, ExportFormat.Spindle);
        Assert.DoesNotContain(folder, card, StringComparison.Ordinal);
        Assert.DoesNotContain("base_model:", card, StringComparison.Ordinal);
        Assert.Contains("base_model: owner/name", ModelCard.Write(Record with { Backbone = "owner/name" }, ExportFormat.Spindle), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_and_names_cannot_become_markup_or_metadata()
    {
        var card = ModelCard.Write(Record with { Task = Record.Task with { Name = "a: [b]\n---\n# c | <script>", Labels = ["x | y", "<b>", "__init__"] } }, ExportFormat.Spindle);
        Assert.Equal(["spindle", "lora", "bitfit"], Tags(Metadata(card)));
        Assert.Equal(2, card.Split('\n').Count(line => line == "---"));
        Assert.Contains(@"x \| y, \<b\>, \_\_init\_\_", card, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", card.Split("---\n")[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_readme_of_the_user_is_neither_replaced_nor_deleted()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var readme = Path.Combine(folder.FullName, "README.md");
            File.WriteAllText(readme, "# mine");
            ModelCard.Put(folder.FullName, ModelCard.Write(Record, ExportFormat.Spindle));
            ModelCard.Delete(folder.FullName);
            Assert.Equal("# mine", File.ReadAllText(readme));

            File.Delete(readme);
            foreach (var score in (double[])[70, 80]) ModelCard.Put(folder.FullName, ModelCard.Write(Record with { Score = score }, ExportFormat.Spindle));
            Assert.Contains("80.00 points", File.ReadAllText(readme), StringComparison.Ordinal);
            ModelCard.Delete(folder.FullName);
            Assert.False(File.Exists(readme));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Tags(YamlMappingReader metadata) => metadata.List("tags")!.Select(tag => tag.AsText());

    private static YamlMappingReader Metadata(string card) => YamlSource.Parse(card.Split("\n---\n")[0], "the card").Mapping();
}
