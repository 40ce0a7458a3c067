using Spindle.Designs;

namespace Spindle.Yaml.Tests;

public class DesignYamlTests
{
    private static readonly string[] strategies = ["adapter", "bitfit", "lora", "prefix"];

    [Fact]
    public void Random_designs_read_back_equal() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var layers = random.Next(1, 25);
            var space = new DesignSpace(layers, random.Next(1, Math.Min(layers, 6) + 1), strategies);
            var design = DesignSampler.Draw(space, random.Next(2) == 0 ? DesignConstraints.EveryLayer : DesignConstraints.None, random);
            if (random.Next(4) == 0)
                design = new(LayerGrouping.Custom(design.Grouping.Sizes), design.Allocation, design.Strategies);
            Assert.Equal(design, DesignYaml.Parse(DesignYaml.Write(design), "d.yaml", strategies));
        },
        iter: 2_000,
        threads: 1);

    [Fact]
    public void What_is_read_without_the_YAML_reader_is_what_that_would_read() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var layers = random.Next(1, 13);
            var design = DesignSampler.Draw(new(layers, random.Next(1, Math.Min(layers, 4) + 1), strategies), DesignConstraints.None, random);
            var text = DesignYaml.Write(design);
            Assert.Equal(design, WrittenDesign.Read(text));
            // a character that is lost, doubled or another one
            var at = random.Next(text.Length);
            var damaged = random.Next(3) switch { 0 => text.Remove(at, 1), 1 => text.Insert(at, text[at..(at + 1)]), _ => text.Remove(at, 1).Insert(at, "19 ,[]{}:a\n#"[random.Next(12)].ToString()) };
            if (WrittenDesign.Read(damaged) is { } read) Assert.Equal(DesignYaml.Read(YamlSource.Parse(damaged, "d.yaml").Mapping()), read);
        },
        iter: 2_000,
        threads: 1);

    [Fact]
    public void A_design_is_written_for_people()
    {
        var design = new Design(
            LayerGrouping.Of(GroupingPattern.Spindle, 6, 4),
            Allocation.Of(AllocationPattern.Uniform, 6),
            new([new("lora", "adapter"), StrategySet.Empty, new("bitfit"), new("prefix")]));
        Assert.Equal(
            """
            grouping: spindle
            allocation: uniform
            groups:
              - {layers: 1, strategies: [adapter, lora]}
              - {layers: 2, strategies: []}
              - {layers: 2, strategies: [bitfit]}
              - {layers: 1, strategies: [prefix]}

            """,
            DesignYaml.Write(design));
    }

    [Theory]
    [InlineData("grouping: uniform\nallocation: uniform\ngroups: [{layers: 1, strategies: [lora]}, {layers: 3, strategies: []}]", "d.yaml:3:9: a uniform of 4 layers in 2 groups is 2, 2, not 1, 3; write those layers, or 'grouping: custom'")]
    [InlineData("grouping: every-layer\nallocation: uniform\ngroups: [{layers: 2, strategies: [lora]}]", "d.yaml:3:9: with grouping 'every-layer' each group has one layer")]
    [InlineData("grouping: custom\nallocation: [1, 2]\ngroups: [{layers: 3, strategies: [lora]}]", "d.yaml:2:13: 'allocation' has 2 weights for 3 layers; write one per layer")]
    [InlineData("grouping: custom\nallocation: drawn\ngroups: [{layers: 3, strategies: [lora]}]", "d.yaml:2:13: allocation 'drawn' needs its weights")]
    [InlineData("grouping: custom\nallocation: [1, 0, 1]\ngroups: [{layers: 3, strategies: [lora]}]", "d.yaml:2:17: item 2 of 'allocation' is '0'")]
    [InlineData("grouping: custom\nallocation: uniform\ngroups: [{layers: 3, strategies: [lorra]}]", "d.yaml:3:35: item 1 of 'strategies' is 'lorra'; did you mean 'lora'?")]
    [InlineData("grouping: custom\nallocation: uniform\ngroups: [{layers: 3, strategies: [lora, lora]}]", "d.yaml:3:34: a strategy is named twice")]
    [InlineData("grouping: custom\nallocation: uniform\ngroups: [{layers: 3, strategies: []}]", "d.yaml:3:9: no group is tuned")]
    [InlineData("grouping: custom\nallocation: uniform\ngroups: []", "d.yaml:3:9: no group is tuned")]
    [InlineData("grouping: custom\nallocation: uniform\ngroups: [{layers: 256, strategies: []}, {layers: 1, strategies: [lora]}]", "d.yaml:3:41: more than 256 layers")]
    [InlineData("grouping: custom\nallocation: uniform\ngroups: [{layers: 3, strategies: [lora], sice: 1}]", "d.yaml:3:42: unknown key 'sice' in item 1 of 'groups'")]
    [InlineData("grouping: spinddle\nallocation: uniform\ngroups: []", "d.yaml:1:11: 'grouping' is 'spinddle'; did you mean 'spindle'?")]
    [InlineData("allocation: uniform\ngroups: []", "d.yaml:1:1: 'grouping' is missing")]
    public void A_wrong_design_is_refused_at_its_place(string text, string start) => Assert.StartsWith(
        start, Assert.Throws<InvalidDataException>(() => DesignYaml.Parse(text, "d.yaml", strategies)).Message);

    [Fact]
    public void A_pattern_with_other_sizes_is_not_written() => Assert.Throws<ArgumentException>(() => DesignYaml.Write(new(
        new(GroupingPattern.Spindle, [3, 1], true), Allocation.Of(AllocationPattern.Uniform, 4), StrategyAssignment.Same(new("lora"), 2))));
}
