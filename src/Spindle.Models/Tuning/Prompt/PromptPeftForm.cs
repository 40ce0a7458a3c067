using Spindle.Models.Backbones;
using Spindle.Models.Peft;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Prompt;

/// <summary>A prompt in a folder of HF peft: one table with a row per position. In an encoder-decoder it stores as many rows again, which it never uses.</summary>
internal sealed class PromptPeftForm : IPeftForm
{
    private const string Method = "PROMPT_TUNING", Table = "prompt_embeddings", Vectors = PromptCost.Stack + ".vectors";
    private const int LongestPrompt = 4096;

    public string Kind => "prompt";

    public Type Options => typeof(PromptOptions);

    public bool Reads(PeftConfig config) => config.PeftType == Method;

    public IReadOnlyList<LayerPart> Read(PeftSource source)
    {
        var length = source.Config.Keys.Whole("num_virtual_tokens", 0, 1, LongestPrompt);
        if (source.Take(Table, (long)length * StacksOf(source.Backbone), source.Backbone.HiddenSize) is not { } table) return [];
        var options = new PromptOptions();
        if (length > options.MaximumLength) options = options with { MaximumLength = length };
        return [new(0, options, length, new Dictionary<string, Tensor>(StringComparer.Ordinal) { [Vectors] = table.narrow(0, 0, length).clone() })];
    }

    public void Write(IReadOnlyList<LayerPart> parts, PeftTarget target)
    {
        if (parts.FirstOrDefault(part => part.Layer > 0) is { } deeper) throw target.Unsupported($"layer {deeper.Layer + 1} has a prompt; peft has one only before the first layer");
        if (parts.Count > 1) throw target.Unsupported("layer 0 has two prompts");
        var (backbone, length) = (target.Backbone, parts[0].Size);
        var table = zeros((long)length * StacksOf(backbone), backbone.HiddenSize);
        table.narrow(0, 0, length).copy_(parts[0].Values[Vectors]);
        target.HeadPrefix = "base_model.";
        target.Add(Table, table);
        target.Set("peft_type", Method);
        target.Set("num_virtual_tokens", length);
        target.Set("token_dim", backbone.HiddenSize);
        target.Set("num_layers", backbone.Layers.Count(layer => layer.Blocks.Any(block => block.Stack == PromptCost.Stack)));
        target.Set("num_attention_heads", backbone.Layers[0].Blocks[0].Attentions[0].Heads);
        target.Set("num_transformer_submodules", StacksOf(backbone));
        target.Set("prompt_tuning_init", "RANDOM");
    }

    private static int StacksOf(IBackbone backbone) => backbone is ISequenceToSequence ? 2 : 1;
}
