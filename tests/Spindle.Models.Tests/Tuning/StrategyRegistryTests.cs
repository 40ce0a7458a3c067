using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Spindle.Designs.Shapes;
using Spindle.Designs.Strategies;
using Spindle.Models.Places;
using Spindle.Models.Tuning;
using Spindle.Tests;
using Spindle.Yaml;

namespace Spindle.Models.Tests.Tuning;

/// <summary>What strategies there are, and how their options are read.</summary>
public partial class StrategyRegistryTests
{
    private static StrategyRegistry Default => StrategyRegistry.Default;

    [Fact]
    public void The_papers_four_come_first_in_the_order_of_attachment() =>
        Assert.Equal(["adapter", "prefix", "bitfit", "lora"], Default.Names.Take(4));

    [Fact]
    public void Strategies_are_attached_in_the_order_of_the_list_which_names_every_one() => Assert.Equal(StrategyOrder.Names, Default.Names);

    [Fact]
    public void The_table_of_strategies_in_the_documentation_has_the_order_of_the_list()
    {
        var page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", "reference", "strategies.md"));
        var table = page[..page.IndexOf("## Order within a layer", StringComparison.Ordinal)];
        Assert.Equal(StrategyOrder.Names, TableRow().Matches(table).Select(row => row.Groups["name"].Value));
    }

    [Fact]
    public void A_strategy_that_the_list_does_not_name_is_attached_last() =>
        Assert.Equal("square", StrategyRegistry.Discover(typeof(StrategyRegistry).Assembly, typeof(SquareKind).Assembly).Names.Last());

    [Fact]
    public void A_strategy_in_another_assembly_is_found_with_no_line_changed()
    {
        var registry = StrategyRegistry.Discover(typeof(StrategyRegistry).Assembly, typeof(SquareKind).Assembly);
        Assert.Equal(Default.Names.Append("square").Order(), registry.Names.Order());
        Assert.Equal("{kind: square, side: 3}", registry.OptionsOf("square"));
        Assert.Equal(9, registry.Costs["square"].Parameters(new([]), 1));
        Assert.Equal(16, registry.Configure(Options(registry, ("square", "{side: 4}"))).Costs["square"].Parameters(new([]), 1));
    }

    [Fact]
    public void Every_strategys_options_read_back_as_they_are_written()
    {
        foreach (var name in Default.Names)
        {
            var text = Default.OptionsOf(name)!;
            Assert.Equal(text, Default.ReadConfiguration(name, YamlSource.Parse(text, "o").Root).ToString());
            Assert.Equal(text, Default.ReadConfiguration(name, YamlSource.Parse("{}", "o").Root).ToString());
        }
    }

    [Fact]
    public void Options_change_what_a_strategy_costs()
    {
        var layer = new LayerShape([new("encoder", 8, [], [new(LinearPlace.AttentionKey, 8, 8, true), new(LinearPlace.AttentionQuery, 8, 8, true)], [])]);
        Assert.Equal(16, Default.Costs["lora"].Parameters(layer, 1));
        var both = Default.Configure(Options(Default, ("lora", "{places: [attention-key, attention-query]}")));
        Assert.Equal(32, both.Costs["lora"].Parameters(layer, 1));
        Assert.Equal(16, Default.Costs["lora"].Parameters(layer, 1));
    }

    [Fact]
    public void A_variant_stands_beside_its_kind_under_its_own_name()
    {
        var registry = Default.Configure(Options(Default, ("houlsby", "{kind: adapter, placement: houlsby}")));
        var layer = new LayerShape([new("encoder", 8, [], [], [])]);
        Assert.Equal(2 * registry.Costs["adapter"].Parameters(layer, 3), registry.Costs["houlsby"].Parameters(layer, 3));
        Assert.Equal("houlsby", registry.Find("houlsby").Cost.Name);
        Assert.Equal(registry.OrderOf("adapter") + 1, registry.OrderOf("houlsby"));
    }

    [Theory]
    [InlineData("lora", "{alpa: 3}", "o:1:2: unknown key 'alpa' in the document; did you mean 'alpha'?")]
    [InlineData("lora", "{alpha: 0}", "o:1:9: 'alpha' is '0'; write a number above 0")]
    [InlineData("lora", "{dropout: 1}", "o:1:11: 'dropout' is '1'; write a number from 0 to 0.95")]
    [InlineData("lora", "{places: []}", "o:1:10: the list is empty; name at least one")]
    [InlineData("lora", "{places: [attention-kye]}", "o:1:11: item 1 of 'places' is 'attention-kye'; did you mean 'attention-key'?")]
    [InlineData("lora", "{rank-stabilized: yes}", "o:1:19: 'rank-stabilized' is 'yes'; write one of true, false")]
    [InlineData("adapter", "{placement: everywhere}", "o:1:13: 'placement' is 'everywhere'; write one of pfeiffer, parallel, houlsby")]
    [InlineData("adapter", "{kind: lora}", "o:1:1: 'adapter' is the name of a kind of strategy; give the variant another name")]
    [InlineData("lorra", "{}", "o:1:1: there is no strategy 'lorra'; did you mean 'lora'?")]
    [InlineData("mine", "{kind: lorra}", "o:1:8: 'kind' is 'lorra'; did you mean 'lora'?")]
    [InlineData("something else", "{}", "o:1:1: there is no strategy 'something else'; name the kind that it is a variant of ('kind: …')")]
    [InlineData("lora", "[]", "o:1:1: the document is not a mapping")]
    public void A_wrong_option_is_reported_with_its_place_and_a_remedy(string name, string options, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => Default.ReadConfiguration(name, YamlSource.Parse(options, "o").Root)).Message);

    private static Dictionary<string, StrategyConfiguration> Options(StrategyRegistry registry, params (string Name, string Text)[] options) =>
        options.ToDictionary(option => option.Name, option => registry.ReadConfiguration(option.Name, YamlSource.Parse(option.Text, option.Name).Root));

    [GeneratedRegex("^\\| `(?<name>[a-z0-9-]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    public sealed record SquareOptions
    {
        [Range(1, 100)]
        public int Side { get; init; } = 3;
    }

    public sealed class SquareKind() : StrategyKind<SquareOptions>("square")
    {
        protected override ITuningStrategy Make(SquareOptions options) => new Square(options.Side);
    }

    private sealed class Square(int side) : ITuningStrategy, IStrategyCost
    {
        public IStrategyCost Cost => this;

        public string Name => "square";

        public string? SizeName => null;

        public int MaximumSize(LayerShape layer) => 1;

        public long Parameters(LayerShape layer, int size) => side * side;

        public Attachment Attach(TuningSite site) => new();
    }
}
