using Spindle.Designs.Shapes;
using Spindle.Models.Backbones;
using Spindle.Models.Peft;
using Spindle.Models.Places;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Prefix;

/// <summary>A prefix in a folder of HF peft: one table with a row per position, which holds a key and a value for every layer side by side. In an encoder-decoder HF
/// peft repeats the table, gives each decoder layer four pieces and uses the first two, so that layers half the depth apart use the same pieces.</summary>
internal sealed class PrefixPeftForm : IPeftForm
{
    private const string Method = "PREFIX_TUNING", Table = "prompt_embeddings", Key = ".self.key", Value = ".self.value";
    private const int LongestPrefix = 4096;

    public string Kind => "prefix";

    public Type Options => typeof(PrefixOptions);

    public bool Reads(PeftConfig config) => config.PeftType == Method;

    public IReadOnlyList<LayerPart> Read(PeftSource source)
    {
        var (backbone, length) = (source.Backbone, source.Config.Keys.Whole("num_virtual_tokens", 0, 1, LongestPrefix));
        var (blocks, width) = (BlocksOf(backbone), WidthOf(backbone));
        if (source.Take(Table, length, 2L * blocks.Count * width) is not { } table) return [];
        var options = new PrefixOptions { Places = [PlaceOf(backbone)], Positions = PrefixPositions.Before };
        if (length > options.MaximumLength) options = options with { MaximumLength = length };
        return [.. blocks.Select((block, index) => new LayerPart(block.Layer, options, length, new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            [block.Block.Stack + Key] = Piece(table, index, 0).clone(),
            [block.Block.Stack + Value] = Piece(table, index, 1).clone(),
        }))];

        Tensor Piece(Tensor table, int index, int side) => table.narrow(1, PieceOf(backbone, index, blocks.Count, side) * width, width);
    }

    public void Write(IReadOnlyList<LayerPart> parts, PeftTarget target)
    {
        var backbone = target.Backbone;
        var (blocks, width, length) = (BlocksOf(backbone), WidthOf(backbone), parts[0].Size);
        if (!backbone.Family.TakesPastKeyValues)
            throw target.Unsupported($"peft's prefix requires keys and values of earlier tokens, and {backbone.Family.BaseClass.Name} does not take any");
        if (width != backbone.HiddenSize) throw target.Unsupported($"a prefix has width {width} and the hidden states have {backbone.HiddenSize}; peft has one width for both");
        RequireForm(parts, target, blocks);
        if (parts.Select(part => part.Layer).Distinct().Count() < parts.Count) throw target.Unsupported("a layer has two prefixes");

        var table = zeros(length, 2L * blocks.Count * width);
        var filled = new Dictionary<int, int>(); // the layer that filled each piece of the table
        foreach (var (block, index) in blocks.Select((block, index) => (block, index)))
        {
            var part = parts.First(part => part.Layer == block.Layer);
            foreach (var (name, side) in ((string, int)[])[(Key, 0), (Value, 1)])
            {
                var piece = PieceOf(backbone, index, blocks.Count, side);
                var (place, value) = (table.narrow(1, piece * width, width), part.Values[block.Block.Stack + name]);
                if (!filled.TryAdd(piece, block.Layer) && !place.eq(value).all().ToBoolean())
                    throw target.Unsupported($"the prefixes of layers {filled[piece] + 1} and {block.Layer + 1} differ; peft uses one for both");
                place.copy_(value);
            }
        }
        target.HeadPrefix = "base_model.";
        target.Add(Table, table);
        target.Set("peft_type", Method);
        target.Set("num_virtual_tokens", length);
        target.Set("token_dim", backbone.HiddenSize);
        target.Set("encoder_hidden_size", backbone.HiddenSize);
        target.Set("num_layers", blocks.Count);
        target.Set("num_attention_heads", blocks[0].Block.Attentions[0].Heads);
        target.Set("num_transformer_submodules", backbone is ISequenceToSequence ? 2 : 1);
        target.Set("prefix_projection", false);
    }

    // all that training with other options would avoid is named at once
    private static void RequireForm(IReadOnlyList<LayerPart> parts, PeftTarget target, IReadOnlyList<(int Layer, Block Block)> blocks)
    {
        var (faults, remedies) = (new List<string>(), new List<string>());
        var backbone = target.Backbone;
        if (parts.Select(part => part.Values.Keys.FirstOrDefault(IsElsewhere) is { } other ? (part.Layer, Name: other) : default).FirstOrDefault(other => other.Name is not null) is { Name: { } name } elsewhere)
        {
            faults.Add($"layer {elsewhere.Layer + 1} has a prefix at {name[..name.LastIndexOf('.')]}; peft's is only at the decoder's self-attention");
            remedies.Add("places: [decoder-self]");
        }

        if (parts.FirstOrDefault(part => ((PrefixOptions)part.Options).Positions != PrefixPositions.Before) is { } unplaced)
            faults.Add($"the prefix of layer {unplaced.Layer + 1} takes no positions; peft's comes before the tokens");
        // a prefix at other places needs this too: only a prefix before the tokens can be exported
        if (faults.Count > 0) remedies.Add("positions: before");
        if (parts.FirstOrDefault(part => part.Size != parts[0].Size) is { } longer)
        {
            faults.Add($"the prefix of layer {longer.Layer + 1} has length {longer.Size} and the one of layer {parts[0].Layer + 1} has length {parts[0].Size}; peft has one length for all");
            remedies.Add("equal-lengths: true");
        }

        if (blocks.FirstOrDefault(block => parts.All(part => part.Layer != block.Layer)) is { Block: not null } bare) faults.Add($"layer {bare.Layer + 1} has no prefix; peft has one in every layer");
        if (faults.Count > 0) throw target.Unsupported(string.Join("; ", faults) + (remedies.Count == 0 ? "" : $"; train with '{{prefix: {{{string.Join(", ", remedies)}}}}}'"));

        bool IsElsewhere(string value) => !value.EndsWith(Key, StringComparison.Ordinal) && !value.EndsWith(Value, StringComparison.Ordinal)
            || backbone is ISequenceToSequence && value.StartsWith("encoder", StringComparison.Ordinal);
    }

    private static int PieceOf(IBackbone backbone, int block, int blocks, int side) => ((backbone is ISequenceToSequence ? 4 : 2) * block + side) % (2 * blocks);

    private static AttentionPlace PlaceOf(IBackbone backbone) => backbone is ISequenceToSequence ? AttentionPlace.DecoderSelf : AttentionPlace.EncoderSelf;

    private static int WidthOf(IBackbone backbone) => backbone.Layers[0].Blocks[0].Attentions[0].Shape.InnerSize;

    // the blocks with a prefix in peft, each with its layer
    private static IReadOnlyList<(int Layer, Block Block)> BlocksOf(IBackbone backbone) =>
    [
        .. backbone.Layers.SelectMany((layer, index) => layer.Blocks.Select(block => (index, block)))
            .Where(place => place.block.Stack == (backbone is ISequenceToSequence ? "decoder" : "encoder")),
    ];
}
