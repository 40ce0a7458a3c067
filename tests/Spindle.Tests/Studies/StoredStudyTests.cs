using Spindle.Designs;
using Spindle.Models.Devices;
using Spindle.Models.Tuning;
using Spindle.Models.Tuning.Lora;
using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Studies;

namespace Spindle.Tests.Studies;

/// <summary>Which studies continue from the trials of a store.</summary>
public sealed class StoredStudyTests
{
    private static readonly Study Small = new("small", "minilm-l6", ["builtin/sentiment"])
    {
        Space = new() { Groups = 1, Strategies = ["bitfit", "lora"] },
        Training = new() { TrainLimit = 8, ValidationLimit = 8, MaxLength = 16 },
    };

    [Fact]
    public void A_baseline_whose_design_was_edited_is_refused()
    {
        using var store = new InMemoryTrialStore();
        var (lora, bitfit) = (WithBaseline("lora"), WithBaseline("bitfit"));
        store.Register(lora);
        Assert.Contains("'baselines.mine: uniform 6; uniform; lora' in the store, 'baselines.mine: uniform 6; uniform; bitfit' here", Refused(store, bitfit), StringComparison.Ordinal);

        // its trials are still in the store when the study no longer names it
        store.Register(Record(Small));
        Assert.Contains("baselines.mine", Refused(store, bitfit), StringComparison.Ordinal);
        store.Register(lora);
    }

    [Fact]
    public void A_search_continues_on_another_device_also_from_a_store_without_one()
    {
        var (here, there) = (Record(Small with { Training = Small.Training with { Device = DeviceChoice.Cpu } }), Record(Small));
        Assert.NotEqual(there.Text, here.Text);
        Assert.Empty(StudyChange.Refused(there, here));
        Assert.Empty(StudyChange.Refused(here, there));
        // as a version without devices wrote it
        var text = there.Text.Replace("  device: auto\n", "", StringComparison.Ordinal);
        Assert.NotEqual(there.Text, text);
        Assert.Empty(StudyChange.Refused(there with { Text = text, Settings = there.Settings!.Where(pair => pair.Key != "training.device").ToDictionary() }, here));
    }

    [Fact]
    public void A_baseline_of_a_store_that_kept_its_design_only_in_the_study_is_compared_too()
    {
        var there = WithBaseline("lora");
        there = there with { Settings = StudyText.Settings(there.Text) };
        Assert.Empty(StudyChange.Refused(there, WithBaseline("lora")));
        Assert.Equal(["baselines.mine"], StudyChange.Refused(there, WithBaseline("bitfit")).Select(change => change.Key));
    }

    [Fact]
    public void An_option_that_a_later_version_adds_to_a_strategy_does_not_change_the_study_of_a_store()
    {
        var here = Record(With(new LoraOptions { Dropout = 0.1 }));
        var option = here.Settings!["strategies.lora"];
        Assert.Contains(", gated: false", option, StringComparison.Ordinal);
        Assert.Empty(StudyChange.Refused(Before(here), here));
        Assert.Equal(["strategies.lora"], StudyChange.Refused(Before(here), Record(With(new LoraOptions { Dropout = 0.1, Gated = true }))).Select(change => change.Key));

        // as a version without the option wrote it
        StudyRecord Before(StudyRecord record)
        {
            var text = record.Text.Replace(", gated: false", "", StringComparison.Ordinal);
            return record with { Text = text, Settings = new Dictionary<string, string>(record.Settings!) { ["strategies.lora"] = StudyText.Settings(text)["strategies.lora"] } };
        }
    }

    [Fact]
    public void A_store_whose_study_lists_a_strategy_with_its_defaults_continues()
    {
        var here = Record(Small);
        var text = here.Text.Replace("training:\n", $"strategies:\n  lora: {new StrategyConfiguration("lora", new LoraOptions())}\ntraining:\n", StringComparison.Ordinal);
        Assert.NotEqual(text, here.Text);
        Assert.Empty(StudyChange.Refused(here with { Text = text, Settings = StudyText.Settings(text) }, here));
    }

    private static Study With(LoraOptions options) => Small with { Strategies = new Dictionary<string, StrategyConfiguration> { ["lora"] = new("lora", options) } };

    private static StudyRecord WithBaseline(string strategy) => Record(Small with
    {
        BaselineDesigns = new Dictionary<string, Design> { ["mine"] = Design.Uniform(new StrategySet(strategy), 6) },
        Search = Small.Search with { Baselines = ["mine"] },
    });

    private static StudyRecord Record(Study study)
    {
        using var search = StudySearch.Prepare(study);
        return StudyRecord.Of(search.Problem, study.Search.Policy);
    }

    private static string Refused(InMemoryTrialStore store, StudyRecord here) => Assert.Throws<InvalidDataException>(() => store.Register(here)).Message;
}
