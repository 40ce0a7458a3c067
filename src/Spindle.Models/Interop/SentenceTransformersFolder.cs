using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Heads;
using static TorchSharp.torch;

namespace Spindle.Models.Interop;

/// <summary>A tuned sentence encoder in the layout of sentence-transformers, with everything that was tuned merged into its weights. Its head is beside it, with a
/// short loader in the folder's README, because the layout has no place for one.</summary>
public static class SentenceTransformersFolder
{
    private const string HeadWeights = "head.safetensors", HeadDescription = "head.json", Start = "similarity.";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How the encoder and its head are loaded in Python, for the folder's README.</summary>
    public static string Usage => Loader.Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>Writes a folder that sentence-transformers loads.</summary>
    /// <param name="folder">The folder; it is created if missing.</param>
    /// <param name="backboneFolder">The backbone's folder, which supplies configuration and tokenizer.</param>
    /// <param name="backbone">The backbone, loaded in float32.</param>
    /// <param name="model">The tuned model over it, with a head on the mean of the token states.</param>
    /// <param name="answers">What the head answers.</param>
    /// <param name="maxLength">The longest sequence in tokens.</param>
    /// <exception cref="InvalidDataException">Something cannot be merged, or the model has no such head.</exception>
    public static void Write(string folder, string backboneFolder, IBackbone backbone, TunedModel model, HeadAnswers answers, int maxLength)
    {
        if (model.Head is not (SentenceEncoderHead.KindName or PairClassifierHead.KindName or SimilarityHead.KindName) || backbone is ISequenceToSequence)
            throw new InvalidDataException($"{backbone.Shape.Name} with the head '{model.Head}' is not a sentence encoder; export it in the format 'merged' or 'hf-peft'");
        MergedCheckpoint.Write(folder, backboneFolder, backbone, model, labels: null);
        WriteText("modules.json", Modules());
        WriteText("sentence_bert_config.json", new JsonObject { ["max_seq_length"] = maxLength, ["do_lower_case"] = false });
        Directory.CreateDirectory(Path.Combine(folder, "1_Pooling"));
        WriteText(Path.Combine("1_Pooling", "config.json"), new JsonObject
        {
            ["word_embedding_dimension"] = backbone.HiddenSize,
            ["pooling_mode_cls_token"] = false,
            ["pooling_mode_mean_tokens"] = true,
            ["pooling_mode_max_tokens"] = false,
            ["pooling_mode_mean_sqrt_len_tokens"] = false,
        });
        WriteText(HeadDescription, new JsonObject
        {
            ["head"] = model.Head,
            ["pairs"] = answers.Pairs,
            ["labels"] = new JsonArray([.. answers.Labels.Select(label => JsonValue.Create(label))]),
            ["minimum"] = answers.Minimum,
            ["maximum"] = answers.Maximum,
        });
        using (NewDisposeScope())
        using (no_grad())
        {
            SafetensorsWriter.Write(
                Path.Combine(folder, HeadWeights), [.. model.SequenceHead.Parameters.Select(parameter => (NameOf(parameter.Name), parameter.Value))], new Dictionary<string, string> { ["format"] = "pt" });
        }

        void WriteText(string name, JsonNode content) => AtomicFile.WriteText(Path.Combine(folder, name), content.ToJsonString(Json) + "\n");
    }

    private static JsonArray Modules()
    {
        return new(Module(0, "", "Transformer"), Module(1, "1_Pooling", "Pooling"));

        static JsonObject Module(int index, string path, string type) => new()
        {
            ["idx"] = index,
            ["name"] = $"{index}",
            ["path"] = path,
            ["type"] = $"sentence_transformers.models.{type}",
        };
    }

    private static string NameOf(string parameter) => parameter.StartsWith(Start, StringComparison.Ordinal) ? parameter[Start.Length..] : parameter;

    // reads the two files of the head as their names and keys above say
    private const string Loader = """"
        ## How to use it

        `SentenceTransformer(folder)` loads the encoder. The head is in `head.safetensors` and `head.json`:

        ```python
        import json
        import sys

        import torch
        from safetensors.torch import load_file
        from sentence_transformers import SentenceTransformer


        class Tuned:
            """Answers with probabilities of labels, or with values."""

            def __init__(self, folder):
                self.encoder = SentenceTransformer(folder)
                self.weights = load_file(f"{folder}/head.safetensors")
                with open(f"{folder}/head.json", encoding="utf-8") as file:
                    self.about = json.load(file)

            def __call__(self, first, second=None):
                u, v = self.encode(first), self.encode(second) if self.about["pairs"] else None
                w = self.weights
                if self.about["head"] == "similarity":
                    u, v = torch.nn.functional.normalize(u, dim=-1), torch.nn.functional.normalize(v, dim=-1)
                    cosine = (u * v).sum(-1, keepdim=True)
                    logits = cosine * w["scale"] + w["offset"] + torch.cat([(u - v).abs(), u * v], -1) @ w["features.weight"].T
                else:
                    features = u if v is None else torch.cat([u, v, (u - v).abs(), u * v], -1)
                    if self.about["head"] == "pair-classifier":
                        cosine = torch.nn.functional.cosine_similarity(u, v, dim=-1).unsqueeze(-1)
                        features = torch.cat([features, cosine * (u.shape[-1] // 2) ** 0.5], -1)
                    logits = features @ w["classifier.weight"].T + w["classifier.bias"]
                if self.about["labels"]:
                    return [dict(zip(self.about["labels"], row)) for row in logits.softmax(-1).tolist()]
                low, high = self.about["minimum"], self.about["maximum"]
                return [(low + high) / 2 + logit * (high - low) / 2 for logit in logits.squeeze(-1).tolist()]

            def encode(self, texts):
                return self.encoder.encode(texts, convert_to_tensor=True).cpu()


        if __name__ == "__main__":
            print(Tuned(sys.argv[1])(sys.argv[2:3], sys.argv[3:4]))
        ```

        """";
}
