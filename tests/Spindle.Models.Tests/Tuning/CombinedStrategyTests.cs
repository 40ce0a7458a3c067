using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Tuning;

public class CombinedStrategyTests
{
    [Theory]
    [InlineData("bert-tiny")]
    [InlineData("bart-tiny")]
    [InlineData("t5-tiny")]
    public void Unipelt_is_a_prefix_an_adapter_and_lora_behind_gates_in_its_proportions(string folder) => AssertSame(folder,
        ("unipelt", "{prefix-per-rank: 3, bottleneck-per-rank: 5}", 2),
        ("prefix", "{gated: true}", 6), ("adapter", "{gated: true}", 10), ("lora", "{gated: true}", 2));

    [Theory]
    [InlineData("bert-tiny")]
    [InlineData("bart-tiny")]
    [InlineData("t5-tiny")]
    public void Mam_is_a_prefix_and_a_scaled_adapter_beside_the_feed_forward_part_in_its_proportion(string folder) => AssertSame(folder,
        ("mam", "{bottleneck-per-position: 5, scaling: 3}", 2),
        ("prefix", "{}", 2), ("adapter", "{placement: parallel, scaling: 3}", 10));

    // the same values in the same order give the same bits
    private static void AssertSame(string folder, (string Name, string Options, int Size) whole, params (string Name, string Options, int Size)[] parts)
    {
        var tiny = new TinyBackbone(folder);
        Assert.Equal(States(tiny, parts), States(tiny, whole));
    }

    private static float[] States(TinyBackbone tiny, params (string Name, string Options, int Size)[] strategies)
    {
        using var backbone = tiny.Load();
        using var random = new InitialValues(0);
        var bare = tiny.States(backbone);
        var attachments = strategies
            .Select(one => StrategyRegistry.Default.Configure(new Dictionary<string, string> { [one.Name] = one.Options }).Find(one.Name)
                .Attach(new(backbone.Layers[1], one.Name, one.Size, random)))
            .ToArray();
        using var buffer = new ParameterBuffer([.. attachments.SelectMany(attachment => attachment.Parameters)], CPU);
        using (NewDisposeScope())
        using (no_grad())
        using (var generator = new Generator(3, CPU))
            buffer.Values.copy_(randn(buffer.Values.shape, generator: generator));
        var states = tiny.States(backbone);
        foreach (var attachment in attachments) attachment.Dispose();
        Assert.NotEqual(bare, states);
        return states;
    }
}
