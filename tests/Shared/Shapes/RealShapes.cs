using System.Text.Json;
using System.Text.RegularExpressions;
using Spindle.Designs.Shapes;

namespace Spindle.Tests.Shapes;

/// <summary>The shapes of the real backbones, made from the parameter names in <c>sizes.json</c>; a task head is left out.</summary>
internal static partial class RealShapes
{
    private static readonly Dictionary<string, LinearPlace> places = new()
    {
        ["SelfAttention.q"] = LinearPlace.AttentionQuery,
        ["SelfAttention.k"] = LinearPlace.AttentionKey,
        ["SelfAttention.v"] = LinearPlace.AttentionValue,
        ["SelfAttention.o"] = LinearPlace.AttentionOutput,
        ["EncDecAttention.q"] = LinearPlace.CrossAttentionQuery,
        ["EncDecAttention.k"] = LinearPlace.CrossAttentionKey,
        ["EncDecAttention.v"] = LinearPlace.CrossAttentionValue,
        ["EncDecAttention.o"] = LinearPlace.CrossAttentionOutput,
        ["DenseReluDense.wi"] = LinearPlace.FeedForwardIn,
        ["DenseReluDense.wi_1"] = LinearPlace.FeedForwardIn,
        ["DenseReluDense.wi_0"] = LinearPlace.FeedForwardGate,
        ["DenseReluDense.wo"] = LinearPlace.FeedForwardOut,
        ["self_attn.q_proj"] = LinearPlace.AttentionQuery,
        ["self_attn.k_proj"] = LinearPlace.AttentionKey,
        ["self_attn.v_proj"] = LinearPlace.AttentionValue,
        ["self_attn.out_proj"] = LinearPlace.AttentionOutput,
        ["encoder_attn.q_proj"] = LinearPlace.CrossAttentionQuery,
        ["encoder_attn.k_proj"] = LinearPlace.CrossAttentionKey,
        ["encoder_attn.v_proj"] = LinearPlace.CrossAttentionValue,
        ["encoder_attn.out_proj"] = LinearPlace.CrossAttentionOutput,
        ["fc1"] = LinearPlace.FeedForwardIn,
        ["fc2"] = LinearPlace.FeedForwardOut,
        ["attention.self.query"] = LinearPlace.AttentionQuery,
        ["attention.self.key"] = LinearPlace.AttentionKey,
        ["attention.self.value"] = LinearPlace.AttentionValue,
        ["attention.output.dense"] = LinearPlace.AttentionOutput,
        ["intermediate.dense"] = LinearPlace.FeedForwardIn,
        ["output.dense"] = LinearPlace.FeedForwardOut,
    };

    /// <summary>Every backbone, paired and sequential; the test is skipped where the file is absent.</summary>
    public static IReadOnlyList<BackboneShape> All()
    {
        using var sizes = JsonDocument.Parse(File.ReadAllText(SharedFiles.Fixture("sizes.json")));
        return [.. sizes.RootElement.GetProperty("models").EnumerateObject().SelectMany(Read)];
    }

    private static IEnumerable<BackboneShape> Read(JsonProperty model)
    {
        var parameters = model.Value.GetProperty("parameters").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.EnumerateArray().Select(size => size.GetInt32()).ToArray());
        var own = parameters.Where(entry => !entry.Key.StartsWith("classifier", StringComparison.Ordinal))
            .Sum(entry => entry.Value.Aggregate(1L, (product, size) => product * size));
        var blocks = parameters.Keys.Select(name => InBlock().Match(name)).Where(match => match.Success)
            .GroupBy(match => (Stack: match.Groups["stack"].Value, Index: int.Parse(match.Groups["index"].Value)))
            .OrderBy(block => block.Key.Index)
            .Select(block => Block(block.Key.Stack, [.. block], parameters))
            .ToLookup(block => block.Stack);
        BlockShape[] encoder = [.. blocks["encoder"]], decoder = [.. blocks["decoder"]];
        return [BackboneShape.Paired(model.Name, own, encoder, decoder), BackboneShape.Sequential(model.Name, own, encoder, decoder)];
    }

    private static BlockShape Block(string stack, Match[] names, Dictionary<string, int[]> parameters)
    {
        var weights = names.Where(name => name.Groups["kind"].Value == "weight").ToArray();
        bool HasBias(Match weight) => parameters.ContainsKey(weight.Value[..^"weight".Length] + "bias");
        var linears = weights.Where(weight => places.ContainsKey(weight.Groups["part"].Value))
            .Select(weight => new LinearShape(
                places[weight.Groups["part"].Value], parameters[weight.Value][1], parameters[weight.Value][0], HasBias(weight)))
            .ToArray();
        var norms = weights.Where(weight => weight.Value.Contains("norm", StringComparison.OrdinalIgnoreCase))
            .Select(weight => new NormShape(parameters[weight.Value][0], HasBias(weight))).ToArray();
        var attentions = linears.Where(linear => linear.Place is LinearPlace.AttentionKey or LinearPlace.CrossAttentionKey)
            .Select(linear => new AttentionShape(linear.Place == LinearPlace.CrossAttentionKey, linear.OutputSize)).ToArray();
        return new(stack, linears[0].InputSize, attentions, linears, norms);
    }

    // the whole name, so that a match's text is a parameter's name
    [GeneratedRegex(@"^.*?(?<stack>encoder|decoder)\.(block|layers?)\.(?<index>\d+)\.(layer\.\d+\.)?(?<part>.+)\.(?<kind>weight|bias)$")]
    private static partial Regex InBlock();
}
