using System.Text.Json;
using System.Text.Json.Nodes;
using Spindle.Models.Checkpoints;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>A fixture's checkpoint with changes, in a separate folder.</summary>
internal sealed class ChangedCheckpoint : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-backbone-");

    public ChangedCheckpoint(string name, Action<JsonObject> configure, Action<Dictionary<string, Tensor>>? change = null)
    {
        var from = new TinyBackbone(name).Folder;
        var configuration = JsonNode.Parse(File.ReadAllBytes(Path.Combine(from, "config.json")))!.AsObject();
        configure(configuration);
        File.WriteAllBytes(Path.Combine(Folder, "config.json"), JsonSerializer.SerializeToUtf8Bytes(configuration));
        if (change is null) return;
        using var scope = NewDisposeScope();
        using var source = SafetensorsFile.Open(Path.Combine(from, "model.safetensors"));
        var tensors = source.Tensors.Keys.ToDictionary(tensor => tensor, tensor => source.Read(tensor));
        change(tensors);
        SafetensorsWriter.Write(
            Path.Combine(Folder, "model.safetensors"), [.. tensors.Select(tensor => (tensor.Key, tensor.Value))], new Dictionary<string, string>());
    }

    public string Folder => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
