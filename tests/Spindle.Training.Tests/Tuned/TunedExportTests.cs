using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Plans;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using Spindle.Models.Interop;
using Spindle.Models.Numerics;
using Spindle.Models.Peft;
using Spindle.Models.Tuning;
using Spindle.Tests;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using Spindle.Training.Settings;
using Spindle.Training.Tuned;
using Spindle.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Tuned;

public sealed class TunedExportTests : IDisposable
{
    private const string Entailment = "builtin/entailment", Similarity = "builtin/similarity", Backbone = "minilm-l6";

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("spindle-export-");

    private string Tuned => At("tuned");

    public void Dispose() => temporary.Delete(recursive: true);

    [Theory]
    [InlineData("lora", Entailment)]
    [InlineData("lora", Similarity)]
    [InlineData("dora", Similarity)]
    [InlineData("ia3", Entailment)]
    public void A_model_that_went_through_HF_pefts_form_and_back_predicts_the_same(string strategy, string task)
    {
        Train(strategy, task);
        TunedExport.Write(Tuned, ExportFormat.HfPeft, At("peft"), StrategyRegistry.Default, null);
        var known = TaskCatalogue.Default.Find(task);
        TunedImport.FromPeft(At("peft"), Backbone, At("again"), StrategyRegistry.Default, known, 24);
        AssertNear(Predict(Tuned, task), Predict(At("again"), task));

        // by itself it says what it knows: a value in its own unit, or labels by number
        var bare = TunedImport.FromPeft(At("peft"), Backbone, At("bare"), StrategyRegistry.Default, null, 24);
        Assert.Equal(known.Kind, bare.Task.Kind);
        Assert.Equal(known.Labels.Count, bare.Task.Labels.Count);
        Assert.Equal("sentence-transformers/all-MiniLM-L6-v2", PeftConfig.Read(At("peft")).BaseModel);
    }

    [Theory]
    [InlineData("lora+bitfit", Entailment)]
    [InlineData("lora+bitfit", Similarity)]
    [InlineData("full", Similarity)]
    public void A_merged_checkpoint_gives_the_tasks_own_logits_and_values(string strategies, string task)
    {
        Train(strategies, task);
        TunedExport.Write(Tuned, ExportFormat.Merged, At("merged"), StrategyRegistry.Default, null);
        Assert.True(File.Exists(Path.Combine(At("merged"), "vocab.txt")));
        Assert.False(HeadDefaults.IsSentenceEncoder(At("merged")));

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var backbone = BackboneCatalogue.Load(At("merged"), new());
        ISequenceHead? head = null;
        var known = TaskCatalogue.Default.Find(task);
        using var model = TunedModel.Create(backbone, new TuningPlan.Sized(null, []), StrategyRegistry.Default,
            random => head = backbone.MakeJointHead(known.Kind == TaskKind.Regression ? 1 : known.Labels.Count, random), 0);
        CheckpointHead.Read(At("merged"), head!);
        var tokenizer = TextTokenizers.Load(At("merged"));
        var encoder = new ExampleEncoder(tokenizer, 24, false, backbone.VocabularySize);
        // its logits are values
        var objective = new LabelObjective(LabelLogits.Of(known.Kind == TaskKind.Regression ? known with { Range = new(-1, 1) } : known), tokenizer.PaddingId);
        AssertNear(Predict(Tuned, task), objective.Predict(model, [.. Rows(task).Select(encoder.Encode)], TestContext.Current.CancellationToken), 1e-4);
    }

    [Fact]
    public void A_tuned_folder_holds_the_design_that_it_came_from_and_is_exported_whole()
    {
        Train("adapter+lora", Entailment);
        var design = DesignYaml.Read(TunedFolder.DesignPath(Tuned));
        Assert.Equal(Design.Uniform(new("adapter", "lora"), 6), design);
        TunedExport.Write(Tuned, ExportFormat.Spindle, At("copy"), StrategyRegistry.Default, null);
        Assert.Equal(["README.md", "design.yaml", "tuned.json", "tuned.safetensors"], Directory.EnumerateFiles(At("copy")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        AssertNear(Predict(Tuned, Entailment), Predict(At("copy"), Entailment));

        // one that was written before designs were kept
        File.Delete(TunedFolder.DesignPath(Tuned));
        TunedExport.Write(Tuned, ExportFormat.Spindle, At("older"), StrategyRegistry.Default, null);
        var derived = DesignYaml.Read(TunedFolder.DesignPath(At("older")));
        Assert.Equal(design.LayerStrategies(), derived.LayerStrategies());
        using var outline = BackboneCatalogue.Outline(Backbone, new());
        var record = TunedFolder.Read(Tuned);
        Assert.Equal(record.Layers, BudgetSolver.Solve(derived, record.Layers!.Sum(layer => layer.Parameters), outline.Shape, StrategyRegistry.Default.Costs).Require().Layers);
    }

    [Theory]
    [InlineData("adapter", ExportFormat.HfPeft, "layer 1 has adapter")]
    [InlineData("adapter+lora", ExportFormat.Merged, "layer 1: adapter adds modules beside")]
    [InlineData("full", ExportFormat.HfPeft, "every weight was trained")]
    public void What_a_form_cannot_hold_is_refused_and_nothing_is_left(string strategies, ExportFormat format, string wanted)
    {
        Train(strategies, Entailment);
        Assert.Contains(wanted, Assert.Throws<InvalidDataException>(() => TunedExport.Write(Tuned, format, At("out"), StrategyRegistry.Default, null)).Message);
        Assert.Equal(["tuned"], Directory.EnumerateFileSystemEntries(temporary.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public void A_sentence_encoders_head_and_an_output_that_is_there_are_refused()
    {
        Train("lora", Entailment, HeadKind.SentenceEncoder);
        foreach (var format in (ExportFormat[])[ExportFormat.HfPeft, ExportFormat.Merged])
            Assert.Contains("the head 'joint'", Assert.Throws<InvalidDataException>(() => TunedExport.Write(Tuned, format, At("out"), StrategyRegistry.Default, null)).Message);
        Directory.CreateDirectory(At("out"));
        Assert.Contains("already exists", Assert.Throws<InvalidDataException>(() => TunedExport.Write(Tuned, ExportFormat.Spindle, At("out"), StrategyRegistry.Default, null)).Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(At("out")));
    }

    [Theory]
    [InlineData("lora+bitfit", Entailment, HeadKind.SentenceEncoder)]
    [InlineData("layer-norm", "builtin/sentiment", HeadKind.SentenceEncoder)]
    [InlineData("lora+bitfit", Entailment, HeadKind.PairClassifier)]
    [InlineData("lora", Similarity, HeadKind.SentenceEncoder)]
    [InlineData("lora", Similarity, HeadKind.Similarity)]
    [InlineData("full", Similarity, HeadKind.Similarity)]
    public void A_sentence_encoder_and_its_head_answer_as_before_from_the_layout_of_sentence_transformers(string strategies, string task, HeadKind head)
    {
        Train(strategies, task, head);
        TunedExport.Write(Tuned, ExportFormat.SentenceTransformers, At("encoder"), StrategyRegistry.Default, null);
        string[] files = [.. Directory.EnumerateFiles(At("encoder"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(At("encoder"), file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Subset(files.ToHashSet(), new HashSet<string> { "1_Pooling/config.json", "README.md", "config.json", "head.json", "head.safetensors", "model.safetensors", "modules.json", "sentence_bert_config.json", "vocab.txt" });
        Assert.True(HeadDefaults.IsSentenceEncoder(At("encoder")));

        // what the loader in the README computes, step by step, from the files alone
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var about = JsonNode.Parse(File.ReadAllText(Path.Combine(At("encoder"), "head.json")))!;
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(At("encoder"), "sentence_bert_config.json")))!;
        using var weights = SafetensorsFile.Open(Path.Combine(At("encoder"), "head.safetensors"));
        using var backbone = BackboneCatalogue.Load(At("encoder"), new());
        var tokenizer = TextTokenizers.Load(At("encoder"));
        var rows = Rows(task);
        var known = TaskCatalogue.Default.Find(task);
        Assert.Equal((known.Pairs, known.Labels.Count), ((bool)about["pairs"]!, about["labels"]!.AsArray().Count));
        foreach (var (row, expected) in rows.Zip(Predict(Tuned, task)))
        {
            var u = Encoded(row.First);
            var v = known.Pairs ? Encoded(row.Second!) : null;
            Tensor logits;
            if ((string)about["head"]! == "similarity")
            {
                (u, v) = (u / u.norm(), v! / v!.norm());
                logits = ((u * v).sum().unsqueeze(0) * weights.Read("scale")).Plus(weights.Read("offset")).Plus(weights.Read("features.weight").mv(cat([(u - v).abs(), u * v])));
            }
            else
            {
                var features = v is null ? u : cat([u, v, (u - v).abs(), u * v]);
                if ((string)about["head"]! == "pair-classifier") features = cat([features, nn.functional.cosine_similarity(u, v!, dim: 0).unsqueeze(0).Times(Math.Sqrt(u.shape[0] / 2))]);
                logits = weights.Read("classifier.weight").mv(features).Plus(weights.Read("classifier.bias"));
            }
            if (known.Kind == TaskKind.Regression)
                Assert.Equal(expected.Value, ((double)about["minimum"]! + (double)about["maximum"]!) / 2 + logits[0].ToDouble() * ((double)about["maximum"]! - (double)about["minimum"]!) / 2, 1e-4);
            else Assert.All(expected.Probabilities.Zip(logits.softmax(-1).data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }

        Tensor Encoded(string text)
        {
            var ids = tokenizer.Encode(text, null, (int)settings["max_seq_length"]!).Ids;
            var states = backbone.Encode(new(tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0), ones(1, ids.Length, dtype: ScalarType.Bool), null));
            return states[0].mean([0]);
        }
    }

    [Fact]
    public void The_readme_of_a_sentence_encoder_shows_a_loader_that_Python_parses()
    {
        Train("lora", Entailment, HeadKind.SentenceEncoder);
        TunedExport.Write(Tuned, ExportFormat.SentenceTransformers, At("encoder"), StrategyRegistry.Default, null);
        var page = File.ReadAllText(Path.Combine(At("encoder"), "README.md"));
        var start = page.IndexOf("```python\n", StringComparison.Ordinal) + "```python\n".Length;
        var loader = page[start..page.IndexOf("```\n", start, StringComparison.Ordinal)];
        // every name of a file, key and tensor that it reads is there
        var about = JsonNode.Parse(File.ReadAllText(Path.Combine(At("encoder"), "head.json")))!.AsObject();
        Assert.All(about.Select(pair => pair.Key), key => Assert.Contains($"self.about[\"{key}\"]", loader, StringComparison.Ordinal));
        using (var weights = SafetensorsFile.Open(Path.Combine(At("encoder"), "head.safetensors")))
            Assert.All(weights.Tensors.Keys, name => Assert.Contains($"w[\"{name}\"]", loader, StringComparison.Ordinal));
        File.WriteAllText(At("loader.py"), loader);
        ProcessStartInfo python = new("python3", ["-c", $"import ast; ast.parse(open({JsonSerializer.Serialize(At("loader.py"))}).read())"]) { RedirectStandardError = true };
        try
        {
            using var process = Process.Start(python)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no python3");
        }
    }

    [Fact]
    public void A_head_that_is_not_a_sentence_encoders_is_not_exported_for_sentence_transformers()
    {
        Train("lora", Entailment);
        Assert.Contains("export it in the format 'merged' or 'hf-peft'", Assert.Throws<InvalidDataException>(() =>
            TunedExport.Write(Tuned, ExportFormat.SentenceTransformers, At("out"), StrategyRegistry.Default, null)).Message, StringComparison.Ordinal);
        Assert.Equal(["tuned"], Directory.EnumerateFileSystemEntries(temporary.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public void A_limitation_of_exports_is_told_for_the_heads_of_sentence_encoders_only() =>
        Assert.Equal([HeadKind.SentenceEncoder, HeadKind.Similarity, HeadKind.PairClassifier], Enum.GetValues<HeadKind>().Where(head => TunedExport.Limitation(head) is { } told && told.Contains("'joint'", StringComparison.Ordinal)).Order());

    [Theory]
    [InlineData("prefix", "{positions: before}", "train with '{prefix: {equal-lengths: true}}'")]
    [InlineData("prefix", "{positions: before, equal-lengths: true}", null)]
    [InlineData("vera", "{equal-ranks: true}", null)]
    [InlineData("layer-norm", "{}", null)]
    public void A_uniform_design_is_exported_where_every_layer_has_the_same_size_and_the_refusal_says_how(string strategy, string options, string? refusal)
    {
        var registry = StrategyRegistry.Default.Configure(new Dictionary<string, string> { [strategy] = options });
        using (var tuner = SmallTuner.Tuner(SmallTuner.Training with { Head = HeadKind.Joint }, strategies: registry))
            Assert.Null(tuner.Train(SmallTuner.Request(strategy, Entailment, folder: Tuned, registry: registry)).Failure);
        if (refusal is not null)
        {
            Assert.Contains(refusal, Assert.Throws<InvalidDataException>(() => TunedExport.Write(Tuned, ExportFormat.HfPeft, At("peft"), StrategyRegistry.Default, null)).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Single(TunedFolder.Read(Tuned).Layers!.SelectMany(layer => layer.Strategies).Select(sized => sized.Size).Distinct());
        TunedExport.Write(Tuned, ExportFormat.HfPeft, At("peft"), StrategyRegistry.Default, null);
        TunedImport.FromPeft(At("peft"), Backbone, At("again"), StrategyRegistry.Default, TaskCatalogue.Default.Find(Entailment), 24);
        AssertNear(Predict(Tuned, Entailment), Predict(At("again"), Entailment));
        // what was taken back can be handed on again
        TunedExport.Write(At("again"), ExportFormat.HfPeft, At("peft-again"), StrategyRegistry.Default, null);
    }

    [Theory]
    [InlineData("prefix", "{}", "takes no positions|has length|train with '{prefix: {positions: before, equal-lengths: true}}'; export it in the format 'spindle'")]
    [InlineData("adapter", "{}", "which it does not have as a method; export it in the format 'spindle'")]
    [InlineData("lora+bitfit+dora", "{}", "a folder holds only one method; export it in the format 'merged' or 'spindle'")]
    public void A_refusal_for_HF_peft_names_all_causes_and_only_formats_that_can_hold_the_model(string strategies, string options, string wanted)
    {
        var registry = StrategyRegistry.Default.Configure(new Dictionary<string, string> { [strategies.Split('+')[0]] = options });
        using (var tuner = SmallTuner.Tuner(SmallTuner.Training with { Head = HeadKind.Joint }, strategies: registry))
            Assert.Null(tuner.Train(SmallTuner.Request(strategies, Entailment, folder: Tuned, registry: registry)).Failure);
        var message = Assert.Throws<InvalidDataException>(() => TunedExport.Write(Tuned, ExportFormat.HfPeft, At("peft"), StrategyRegistry.Default, null)).Message;
        Assert.All(wanted.Split('|'), part => Assert.Contains(part, message, StringComparison.Ordinal));
        if (message.Contains("'merged'", StringComparison.Ordinal)) TunedExport.Write(Tuned, ExportFormat.Merged, At("merged"), StrategyRegistry.Default, null);
        TunedExport.Write(Tuned, ExportFormat.Spindle, At("spindle"), StrategyRegistry.Default, null);
    }

    [Fact]
    public void An_import_that_does_not_fit_is_refused_and_nothing_is_left()
    {
        Train("lora", Entailment);
        TunedExport.Write(Tuned, ExportFormat.HfPeft, At("peft"), StrategyRegistry.Default, null);
        Refused("its head has", task: Similarity);
        Refused("reads from 3 to 512 tokens", length: 513);
        Refused("reads from 3 to 512 tokens", length: 2);
        File.Delete(Path.Combine(At("peft"), "adapter_config.json"));
        Assert.Throws<DirectoryNotFoundException>(() => TunedImport.FromPeft(At("peft"), Backbone, At("out"), StrategyRegistry.Default, null, null));
        Assert.Equal(["peft", "tuned"], Directory.EnumerateFileSystemEntries(temporary.FullName).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        void Refused(string wanted, string? task = null, int? length = null) => Assert.Contains(wanted, Assert.Throws<InvalidDataException>(() =>
            TunedImport.FromPeft(At("peft"), Backbone, At("out"), StrategyRegistry.Default, task is null ? null : TaskCatalogue.Default.Find(task), length)).Message);
    }

    [Theory]
    [InlineData("t5-tiny--lora-rank-pattern", HeadKind.LanguageModel)]
    [InlineData("bart-tiny--ia3", HeadKind.LanguageModel)]
    [InlineData("t5-tiny--prefix", HeadKind.LanguageModel)]
    [InlineData("roberta-tiny--dora", HeadKind.Joint)]
    [InlineData("mpnet-tiny--lora", HeadKind.Joint)]
    [InlineData("mpnet-tiny--dora", HeadKind.Joint)]
    [InlineData("roberta-tiny--prompt", HeadKind.Joint)]
    public void What_others_tuned_is_imported_with_or_without_a_head_and_exported_unchanged(string name, HeadKind head)
    {
        var folder = SharedFiles.Fixture("peft", name);
        var record = TunedImport.FromPeft(folder, SharedFiles.Fixture("models", name.Split("--")[0]), Tuned, StrategyRegistry.Default, null, null);
        Assert.Equal(head, record.Head);
        Assert.Equal(head == HeadKind.LanguageModel ? TaskKind.TextToText : TaskKind.Classification, record.Task.Kind);
        Assert.Equal(record.Layers, TunedFolder.Read(Tuned).Layers);
        TunedExport.Write(Tuned, ExportFormat.HfPeft, At("again"), StrategyRegistry.Default, null);
        using var scope = NewDisposeScope();
        using (var before = SafetensorsFile.Open(Path.Combine(folder, "adapter_model.safetensors")))
        using (var after = SafetensorsFile.Open(Path.Combine(At("again"), "adapter_model.safetensors")))
        {
            Assert.Equal(before.Tensors.Keys.Order(StringComparer.Ordinal), after.Tensors.Keys.Order(StringComparer.Ordinal));
            foreach (var tensor in before.Tensors.Keys.Where(tensor => tensor != "prompt_embeddings")) // part of which nobody reads
                Assert.True(before.Read(tensor).eq(after.Read(tensor)).all().ToBoolean(), tensor);
        }
        if (name.Contains("--pr", StringComparison.Ordinal))
            Assert.Contains("cannot be merged", Assert.Throws<InvalidDataException>(() => TunedExport.Write(Tuned, ExportFormat.Merged, At("merged"), StrategyRegistry.Default, null)).Message);
        else
        {
            TunedExport.Write(Tuned, ExportFormat.Merged, At("merged"), StrategyRegistry.Default, null);
            BackboneCatalogue.Load(At("merged"), new()).Dispose();
        }
    }

    private string At(string name) => Path.Combine(temporary.FullName, name);

    private void Train(string strategies, string task, HeadKind head = HeadKind.Joint)
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training with { Head = head });
        Assert.Null(tuner.Train(SmallTuner.Request(strategies, task, folder: Tuned)).Failure);
    }

    private static IReadOnlyList<Example> Rows(string task) => [.. TaskCatalogue.Default.Load(task, null).Validation[0].Examples.Take(8)];

    private static IReadOnlyList<Prediction> Predict(string folder, string task)
    {
        using var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default);
        return predictor.Predict(Rows(task), TestContext.Current.CancellationToken);
    }

    private static void AssertNear(IReadOnlyList<Prediction> expected, IReadOnlyList<Prediction> actual, double tolerance = 1e-5)
    {
        Assert.True(expected.Select(prediction => (prediction.Value, prediction.Probabilities.FirstOrDefault())).Distinct().Count() > 1, "every prediction is the same");
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(one.Value, other.Value, 1e-4);
            Assert.All(one.Probabilities.Zip(other.Probabilities), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }
}
