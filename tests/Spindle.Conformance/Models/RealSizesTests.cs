using System.Text.Json;
using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Parameters;
using Spindle.Tests;

namespace Spindle.Conformance.Models;

/// <summary>The real configurations of <c>sizes.json</c> have the parameters that HF transformers gives them.</summary>
public sealed class RealSizesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-sizes-");

    public static TheoryData<string> Models()
    {
        var path = Path.Combine(SharedFiles.Fixtures, "sizes.json");
        if (!File.Exists(path)) return ["absent"];
        using var sizes = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. sizes.RootElement.GetProperty("models").EnumerateObject().Select(model => model.Name)];
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Models))]
    public void Names_shapes_and_counts_equal_those_of_transformers(string name)
    {
        using var sizes = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("sizes.json")));
        var model = sizes.RootElement.GetProperty("models").GetProperty(name);
        using var backbone = Outline(model);
        // a model with its own head names it, one that generates text has none
        var wanted = model.GetProperty("parameters").EnumerateObject()
            .ToDictionary(parameter => Unprefixed(parameter.Name), parameter => parameter.Value.EnumerateArray().Select(size => size.GetInt64()).ToArray());
        var outputs = wanted.Where(parameter => parameter.Key.StartsWith("classifier", StringComparison.Ordinal)).Select(parameter => parameter.Value[0]).DefaultIfEmpty(0).Min();
        using var random = new InitialValues(0);
        var head = outputs > 0 ? backbone.MakeJointHead((int)outputs, random).Parameters : [];

        var own = backbone.Weights.Select(weight => (weight.Name, Shape: weight.Frozen.shape))
            .Concat(head.Select(parameter => (parameter.Name, Shape: parameter.Shape.ToArray()))).ToArray();
        Assert.Equal(wanted.Keys.Order(StringComparer.Ordinal), own.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
        Assert.All(own, parameter => Assert.Equal(wanted[parameter.Name], parameter.Shape));
        Assert.Equal(model.GetProperty("total").GetInt64(), backbone.Shape.Parameters + head.Sum(parameter => parameter.Count));
        Assert.Equal(model.GetProperty("bias_terms").GetInt64(),
            own.Where(parameter => parameter.Name.EndsWith(".bias", StringComparison.Ordinal)).Sum(parameter => parameter.Shape.Aggregate(1L, (product, size) => product * size)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Layers_pair_the_stacks_or_follow_one_another(string name)
    {
        using var sizes = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Fixture("sizes.json")));
        var model = sizes.RootElement.GetProperty("models").GetProperty(name);
        using var paired = Outline(model);
        using var sequential = Outline(model, LayerNumbering.Sequential);
        var blocks = paired.Layers.SelectMany(layer => layer.Blocks).ToLookup(block => block.Stack, block => block.Shape);
        var (encoder, decoder) = (blocks["encoder"].ToArray(), blocks["decoder"].ToArray());
        Assert.Equal(BackboneShape.Paired(paired.Shape.Name, paired.Shape.Parameters, encoder, decoder), paired.Shape);
        Assert.Equal(BackboneShape.Sequential(paired.Shape.Name, paired.Shape.Parameters, encoder, decoder), sequential.Shape);
        Assert.Equal(encoder.Length + decoder.Length, sequential.Layers.Count);
        Assert.Equal(encoder.Length, paired.Layers.Count);
    }

    private IBackbone Outline(JsonElement model, LayerNumbering layers = LayerNumbering.Paired)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "config.json"), model.GetProperty("config").GetRawText());
        return BackboneCatalogue.Outline(folder.FullName, new() { Layers = layers });
    }

    private static string Unprefixed(string name) =>
        new[] { "bert.", "roberta.", "model." }.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix ? name[prefix.Length..] : name;
}
