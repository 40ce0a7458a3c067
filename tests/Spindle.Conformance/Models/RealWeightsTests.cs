using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Conformance.Models;

/// <summary>Every real checkpoint under the fixtures' <c>weights</c> computes what HF transformers computes of real sentences.</summary>
public class RealWeightsTests
{
    private const string FirstToken = "first_token.";
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Names() => [.. SharedFiles.FixtureNames("weights").DefaultIfEmpty("absent")];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_first_tokens_states_of_every_layer_equal_the_references(string name)
    {
        using var expected = SafetensorsFile.Open(SharedFiles.Fixture("real", $"{name}.safetensors"));
        using var checkpoint = new PackedCheckpoint(name);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var backbone = BackboneCatalogue.Load(checkpoint.Folder, new());
        var states = backbone.EncodeAll(new(expected.Read("input_ids"), expected.Read("attention_mask"), null));
        Assert.Equal(expected.Tensors.Keys.Count(key => key.StartsWith(FirstToken, StringComparison.Ordinal)), states.Count);
        foreach (var (index, state) in states.Index())
        {
            var difference = (expected.Read($"{FirstToken}{index}") - state.select(1, 0)).abs().max().ToDouble();
            Assert.True(difference <= Tolerance, $"state {index}: off by {difference:G3}, where {Tolerance:G3} is allowed");
        }
    }
}
