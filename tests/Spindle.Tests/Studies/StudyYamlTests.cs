using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Lora;
using Spindle.Search.Studies;
using Spindle.Studies;
using Spindle.Training.Settings;
using Spindle.Yaml;

namespace Spindle.Tests.Studies;

public class StudyYamlTests
{
    private const string Example =
        """
        study: glue-minilm
        backbone: minilm-l6            # embedded name or a folder in the Hub's layout
        tasks: [sst2, mrpc, stsb, rte] # or builtin/acceptability …
        data: ../shared/data/glue_data
        budget: 0.5%                   # of the backbone's parameters, or a whole number
        space: {groups: 4, strategies: [adapter, prefix, bitfit, lora], layers: paired}
        training: {epochs: 3, batch-size: 16, learning-rate: 1e-3, max-length: 128, precision: bfloat16, train-limit: 1000}
        search: {policy: exhaustive, samples-per-option: 4, seed: 42, final-epochs: 5, final-seeds: 3}
        """;

    [Fact]
    public void A_strategy_with_its_defaults_is_as_one_that_is_not_listed()
    {
        var study = Parse(Example, "s.yaml");
        Assert.Equal(study, Parse(Example + "\nstrategies: {lora: {}}", "s.yaml"));
        Assert.Equal(study, Parse(Example + "\nstrategies: {lora: {dropout: 0}, bitfit: {}}", "s.yaml"));
        Assert.NotEqual(study, Parse(Example + "\nstrategies: {lora: {dropout: 0.1}}", "s.yaml"));
        // a variant with the defaults is a further strategy
        Assert.NotEqual(study, Parse(Example + "\nstrategies: {second: {kind: lora}}", "s.yaml"));
    }

    [Fact]
    public void The_example_is_read_correctly()
    {
        var study = Parse(Example, "studies/s.yaml");
        Assert.Equal(("glue-minilm", "minilm-l6", "../shared/data/glue_data"), (study.Name, study.Backbone, study.Data));
        Assert.Equal(["sst2", "mrpc", "stsb", "rte"], study.Tasks.Select(task => task.Name));
        Assert.Equal(0.005m, study.Budget.Share);
        Assert.Equal((4, LayerNumbering.Paired, TunableGroupOptions.Runs), (study.Space.Groups, study.Space.Layers, study.Space.TunableGroups));
        Assert.Equal(["adapter", "prefix", "bitfit", "lora"], study.Space.Strategies);
        Assert.Equal(
            new TrainingSettings { Epochs = 3, BatchSize = 16, LearningRate = 0.001, MaxLength = 128, Precision = Precision.BFloat16, TrainLimit = 1000 },
            study.Training);
        Assert.Equal(new SearchSettings { Policy = "exhaustive", SamplesPerOption = 4, Seed = 42, FinalEpochs = 5, FinalSeeds = 3 }, study.Search);
    }

    [Fact]
    public void All_keys_but_backbone_and_tasks_have_defaults()
    {
        var study = Parse("backbone: models/mine\ntasks: [builtin/similarity]", "studies/mine.yaml");
        Assert.Equal(("mine", "models/mine", null), (study.Name, study.Backbone, study.Data));
        Assert.Equal(Budget.Parse("0.5%"), study.Budget);
        Assert.Equal(new TrainingSettings(), study.Training);
        Assert.Equal(new SearchSettings(), study.Search);
    }

    [Fact]
    public void A_study_that_names_no_strategies_searches_for_where_they_act_too_unless_it_runs_the_papers_stages()
    {
        const string Start = "backbone: minilm-l6\ntasks: [builtin/similarity]\n";
        var study = Parse(Start, "s.yaml");
        Assert.Equal(("joint", "adapter prefix bitfit lora lora-all parallel"), (study.Search.Policy, string.Join(' ', study.Space.Strategies)));
        Assert.Equal(6, ((LoraOptions)study.Strategies["lora-all"].Options).Places.Count);
        Assert.Equal(study, Parse(StudyYaml.Write(study), "s.yaml"));
        var own = Parse(Start + "space: {groups: 3}\nstrategies: {parallel: {kind: lora}}\n", "s.yaml");
        Assert.Equal("lora", own.Strategies["parallel"].Kind);
        Assert.Equal(study.Space.Strategies, own.Space.Strategies);
        foreach (var policy in (string[])["exhaustive", "staged"])
        {
            var stages = Parse(Start + $"search: {{policy: {policy}}}\n", "s.yaml");
            Assert.Equal("adapter prefix bitfit lora", string.Join(' ', stages.Space.Strategies));
            Assert.Empty(stages.Strategies);
        }
    }

    [Fact]
    public void Every_key_is_read()
    {
        var study = Parse(
            """
            backbone: b
            tasks: [t]
            budget: 110592
            space: {groups: 2, strategies: [lora], layers: sequential, tunable-groups: all-subsets}
            training: {epochs: 1, batch-size: 2, learning-rate: 0.5, full-learning-rate: 1e-4, warm-up: 0.1, weight-decay: 0.01, gradient-clipping: 0,
              dropout: 0.2, max-length: 64, precision: float32, head: sentence-encoder, train-limit: 10, validation-limit: 20, threads: 2}
            """,
            "s.yaml");
        Assert.Equal(110592, study.Budget.Count);
        Assert.Equal((2, LayerNumbering.Sequential, TunableGroupOptions.AllSubsets), (study.Space.Groups, study.Space.Layers, study.Space.TunableGroups));
        Assert.Equal(["lora"], study.Space.Strategies);
        Assert.Equal(
            new TrainingSettings
            {
                Epochs = 1,
                BatchSize = 2,
                LearningRate = 0.5,
                FullLearningRate = 1e-4,
                WarmUp = 0.1,
                WeightDecay = 0.01,
                GradientClipping = 0,
                Dropout = 0.2,
                MaxLength = 64,
                Precision = Precision.Float32,
                Head = HeadKind.SentenceEncoder,
                TrainLimit = 10,
                ValidationLimit = 20,
                Threads = 2,
            },
            study.Training);
    }

    [Theory]
    [InlineData("tasks: [a]", "s.yaml:1:1: 'backbone' is missing")]
    [InlineData("backbone: b", "s.yaml:1:1: 'tasks' is missing")]
    [InlineData("backbone: b\ntask: [a]", "s.yaml:2:1: unknown key 'task' in the document; did you mean 'tasks'?")]
    [InlineData("backbone: b\ntasks: []", "s.yaml:2:8: the list is empty; name at least one task")]
    [InlineData("backbone: b\ntasks: [a, a]", "s.yaml:2:12: task 'a' is named twice")]
    [InlineData("backbone: b\ntasks: [a]\nbudget: 0%", "s.yaml:3:9: 'budget': '0%' is not a budget")]
    [InlineData("backbone: b\ntasks: [a]\nbudget: 101%", "s.yaml:3:9: 'budget': '101%' is not a budget")]
    [InlineData("backbone: b\ntasks: [a]\ntraining:\n  batchsize: 3", "s.yaml:4:3: unknown key 'batchsize' in 'training'; did you mean 'batch-size'?")]
    [InlineData("backbone: b\ntasks: [a]\ntraining:\n  epochs: 0", "s.yaml:4:11: 'epochs' is '0'; write a whole number from 1 to")]
    [InlineData("backbone: b\ntasks: [a]\ntraining:\n  learning-rate: 0", "s.yaml:4:18: 'learning-rate' is '0'; write a number above 0")]
    [InlineData("backbone: b\ntasks: [a]\ntraining:\n  warm-up: 1.5", "s.yaml:4:12: 'warm-up' is '1.5'; write a number from 0 to 1")]
    [InlineData("backbone: b\ntasks: [a]\ntraining:\n  dropout: 1", "s.yaml:4:12: 'dropout' is '1'")]
    [InlineData("backbone: b\ntasks: [a]\ntraining:\n  precision: float16", "s.yaml:4:14: 'precision' is 'float16'; did you mean 'bfloat16'?")]
    [InlineData("backbone: b\ntasks: [a]\nspace: {strategies: [adaptor]}", "s.yaml:3:22: item 1 of 'strategies' is 'adaptor'; did you mean 'adapter'?")]
    [InlineData("backbone: b\ntasks: [a]\nspace: {groups: 17, tunable-groups: all-subsets}", "s.yaml:3:37: 'all-subsets' of more than 16 groups")]
    [InlineData("backbone: b\ntasks: [a]\nsearch: {policy: exhaustiv}", "s.yaml:3:18: 'policy' is 'exhaustiv'; did you mean 'exhaustive'?")]
    [InlineData("backbone: b\ntasks: [a]\nsearch: {seed: -1}", "s.yaml:3:16: 'seed' is '-1'")]
    [InlineData("backbone: b\ntasks: [a]\nserch: {seed: 1}", "s.yaml:3:1: unknown key 'serch' in the document; did you mean 'search'?")]
    public void A_wrong_study_is_refused_at_its_place_with_a_remedy(string text, string start) =>
        Assert.StartsWith(start, Assert.Throws<InvalidDataException>(() => Parse(text, "s.yaml")).Message);

    [Fact]
    public void Written_studies_read_back_and_are_written_the_same()
    {
        var study = Parse(Example, "s.yaml") with { Name = "null", Backbone = "../a folder/with: marks" };
        var text = StudyYaml.Write(study);
        var read = Parse(text, "other.yaml");
        Assert.Equal(text, StudyYaml.Write(read));
        Assert.Equal((study.Name, study.Backbone, study.Data, study.Budget, study.Training, study.Search), (read.Name, read.Backbone, read.Data, read.Budget, read.Training, read.Search));
        Assert.Equal(study.Tasks, read.Tasks);
        Assert.Equal(study.Space.Strategies, read.Space.Strategies);
    }

    [Fact]
    public void A_study_with_several_learning_rates_names_its_own_or_takes_the_middle_one()
    {
        const string start = "backbone: b\ntasks: [a]\ntraining: {learning-rate: [3e-3, 3e-4, 1e-3]";
        var (middle, named) = (Parse(start + "}", "s.yaml"), Parse(start + ", default-learning-rate: 0.003}", "s.yaml"));
        Assert.Equal((1e-3, 3e-3), (middle.Training.LearningRate, named.Training.LearningRate));
        Assert.Contains("\n  learning-rate: [0.0003, 0.001, 0.003]\n  default-learning-rate: 0.003\n", StudyYaml.Write(named), StringComparison.Ordinal);
        Assert.Equal(named, Parse(StudyYaml.Write(named), "s.yaml"));
        Assert.Equal(middle, Parse(start + ", default-learning-rate: 1e-3}", "s.yaml"));
        Assert.NotEqual(middle, named);
        // a program may leave the study's own rate out of the list
        var unlisted = Parse(StudyYaml.Write(middle with { Training = middle.Training with { LearningRate = 0.5 } }), "s.yaml");
        Assert.Equal(1e-3, unlisted.Training.LearningRate);
    }

    [Theory]
    [InlineData("learning-rate: [1e-3, 3e-3]\n  default-learning-rate: 2e-3", "s.yaml:5:26: 'default-learning-rate' is '0.002', which is not listed; write one of 0.001, 0.003, or add it under 'learning-rate'")]
    [InlineData("learning-rate: [1e-3, 3e-3]\n  default-learning-rate: low", "s.yaml:5:26: 'default-learning-rate' is 'low'; write a number above 0")]
    [InlineData("learning-rate: 1e-3\n  default-learning-rate: 1e-3", "s.yaml:5:26: 'default-learning-rate' is one of several rates; list them under 'learning-rate', or leave it out")]
    [InlineData("default-learning-rate: 1e-3", "s.yaml:4:26: 'default-learning-rate' is one of several rates; list them under 'learning-rate', or leave it out")]
    public void A_default_learning_rate_that_is_not_listed_is_refused_at_its_place(string training, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => Parse($"backbone: b\ntasks: [a]\ntraining:\n  {training}", "s.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_setting_is_part_of_the_text()
    {
        var study = Parse(Example, "s.yaml");
        Study[] others =
        [
            study with { Name = "n" }, study with { Backbone = "n" }, study with { Tasks = ["n"] }, study with { Data = null }, study with { Budget = Budget.OfCount(7) },
            study with { Space = study.Space with { Groups = 3 } }, study with { Space = study.Space with { StrategiesPerGroup = 1 } }, study with { Space = study.Space with { Strategies = ["lora"] } },
            study with { Space = study.Space with { Layers = LayerNumbering.Sequential } }, study with { Space = study.Space with { TunableGroups = TunableGroupOptions.AllSubsets } },
            .. new Func<TrainingSettings, TrainingSettings>[]
            {
                t => t with { Epochs = 9 }, t => t with { BatchSize = 9 }, t => t with { TokensPerBatch = 9 }, t => t with { GradientAccumulation = 9 }, t => t with { ActivationCheckpointing = true }, t => t with { LearningRate = 9 }, t => t with { FullLearningRate = 9 }, t => t with { WarmUp = 0.9 },
                t => t with { WeightDecay = 0.9 }, t => t with { GradientClipping = 0.9 }, t => t with { Dropout = 0.9 }, t => t with { MaxLength = 9 }, t => t with { MaxTargetLength = 9 },
                t => t with { Beams = 9 },
                t => t with { Precision = Precision.Float32 }, t => t with { Head = HeadKind.Joint }, t => t with { HeadStart = HeadStart.Probe }, t => t with { AveragedRuns = 9 }, t => t with { TrainLimit = 9 }, t => t with { ValidationLimit = 9 }, t => t with { Threads = 9 },
            }.Select(change => study with { Training = change(study.Training) }),
            .. new Func<SearchSettings, SearchSettings>[]
            {
                s => s with { SamplesPerOption = 9 }, s => s with { Seed = 9 }, s => s with { FinalEpochs = 9 }, s => s with { FinalSeeds = 9 },
            }.Select(change => study with { Search = change(study.Search) }),
        ];
        var texts = others.Append(study).Select(StudyYaml.Write).ToArray();
        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.All(texts, text => Assert.Equal(text, StudyYaml.Write(Parse(text, "s.yaml"))));
    }

    [Fact]
    public void Studies_with_equal_settings_are_equal_and_defaults_count_as_settings()
    {
        var study = Parse(Example, "s.yaml");
        Assert.Equal(study, Parse(Example, "s.yaml"));
        Assert.Equal(study.GetHashCode(), Parse(Example, "s.yaml").GetHashCode());
        Assert.Equal(study, Parse(Example + "\nstrategies: {}", "s.yaml"));
        Assert.Equal(study, Parse(StudyYaml.Write(study), "other.yaml"));
        Assert.NotEqual(study, study with { Tasks = ["sst2"] });
        Assert.Equal(Parse("backbone: b\ntasks: [a]", "s.yaml"), Parse("backbone: b\ntasks: [a]\ntraining: {epochs: 3}\nspace: {groups: 4}", "s.yaml"));
    }

    [Fact]
    public void A_variant_of_a_strategy_may_be_named_and_its_options_are_typed()
    {
        var text = "backbone: b\ntasks: [a]\nspace: {strategies: [wide]}\nstrategies: {wide: {kind: lora, alpha: 7}}";
        var study = Parse(text, "s.yaml");
        Assert.Equal(["wide"], study.Space.Strategies);
        Assert.Equal("lora", study.Strategies["wide"].Kind);
        Assert.Equal(7, Assert.IsType<LoraOptions>(study.Strategies["wide"].Options).Alpha);
        Assert.Equal(study, Parse(StudyYaml.Write(study), "s.yaml"));
        Assert.Equal(study, study with { Strategies = new Dictionary<string, StrategyConfiguration> { ["wide"] = new("lora", new LoraOptions { Alpha = 7 }) } });
        Assert.StartsWith("s.yaml:3:22: item 1 of 'strategies' is 'wide'",
            Assert.Throws<InvalidDataException>(() => Parse(text[..text.IndexOf("\nstrategies", StringComparison.Ordinal)], "s.yaml")).Message);
    }

    [Fact]
    public void The_users_own_task_is_described_where_it_is_named()
    {
        var text = "backbone: b\ntasks:\n  - sst2\n  - name: mine\n    train: a.csv";
        var study = Parse(text, "s.yaml");
        Assert.Equal(["sst2", "mine"], study.Tasks.Select(task => task.Name));
        Assert.Equal(["a.csv"], Assert.Single(study.OwnTasks).Train);
        Assert.Contains("tasks: [sst2, {name: mine, train: a.csv, validation: 0.1}]\n", StudyYaml.Write(study), StringComparison.Ordinal);
        Assert.Equal(study, Parse(StudyYaml.Write(study), "s.yaml"));
        Assert.StartsWith("s.yaml:4:5: task 'mine' is named twice",
            Assert.Throws<InvalidDataException>(() => Parse(text.Replace("- sst2", "- {name: mine, train: b.csv}", StringComparison.Ordinal), "s.yaml")).Message);
        Assert.StartsWith("s.yaml:4:5: 'rte' is the name of a task that is part of Spindle",
            Assert.Throws<InvalidDataException>(() => Parse(text.Replace("mine", "rte", StringComparison.Ordinal), "s.yaml")).Message);
        Assert.StartsWith("s.yaml:2:9: item 1 of 'tasks' is 'sst'; did you mean 'sst2'?", Assert.Throws<InvalidDataException>(() => Parse("backbone: b\ntasks: [sst]", "s.yaml")).Message);
    }

    [Fact]
    public void Every_training_setting_is_a_key_of_study_files_with_its_own_range_and_default()
    {
        foreach (var setting in SettingDefinition.All)
        {
            var written = setting switch
            {
                SettingDefinition.Integer integer => YamlText.Format(integer.Minimum),
                SettingDefinition.Number number => YamlText.Format(number.Maximum),
                SettingDefinition.Flag => "true",
                SettingDefinition.Choice choice => choice.Choices[^1],
                SettingDefinition.PerName numbers => $"{{lora: {YamlText.Format(numbers.Maximum)}}}",
                SettingDefinition.Form => "cuda:1",
                _ => throw new InvalidOperationException(setting.Name),
            };
            var study = Parse($"backbone: b\ntasks: [a]\ntraining: {{{setting.Name}: {written}}}", "s.yaml");
            Assert.Equal(written, setting.ValueOf(study.Training) switch { int number => YamlText.Format(number), bool flag => flag ? "true" : "false", double number => YamlText.Format(number), NumbersByName numbers => $"{{lora: {YamlText.Format(numbers["lora"])}}}", var name => name });
            Assert.Contains("write", Assert.Throws<InvalidDataException>(() => Parse($"backbone: b\ntasks: [a]\ntraining: {{{setting.Name}: -9}}", "s.yaml")).Message, StringComparison.Ordinal);
            Assert.Equal(setting.Default, setting.ValueOf(Parse("backbone: b\ntasks: [a]\ntraining: {}", "s.yaml").Training));
        }

        Assert.Equal(typeof(TrainingSettings).GetProperties().Length, SettingDefinition.All.Count);
    }

    private static Study Parse(string text, string name) => StudyYaml.Parse(text, name, tasks: NamedTasks.Catalogue);
}
