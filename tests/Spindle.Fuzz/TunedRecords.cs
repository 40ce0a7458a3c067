using Spindle.Models.Backbones;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Training.Tuned;

namespace Spindle.Fuzz;

/// <summary>Records of tuned models, and a backbone to attach what they describe.</summary>
internal static class TunedRecords
{
    private static readonly Lazy<IBackbone> Backbone = new(() => BackboneCatalogue.Load(BackboneFolder.Locate("minilm-l6"), new()));

    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoded("""
            {"format":2,"backbone":"minilm-l6","fingerprint":"0","head":"sentence-encoder","task":{"name":"mine","kind":"classification","pairs":false,"labels":["a","b"],"range":null,"metrics":["accuracy"]},"maxLength":128,"precision":"bfloat16",
            "numbering":"paired","strategies":{"bitfit":"{kind: bitfit}"},"layers":[{"layer":0,"strategies":[{"name":"lora","size":2,"parameters":3072},{"name":"bitfit","size":1,"parameters":1}]},{"layer":5,"strategies":[{"name":"adapter","size":1,"parameters":1}]}],"score":70.5}
            """),
        Encoded("""{"format":2,"backbone":"minilm-l6","fingerprint":"0","head":"joint","task":{"name":"mine","kind":"regression","pairs":true,"labels":[],"range":{"minimum":0,"maximum":5},"metrics":["pearson"]},"maxLength":64,"layers":null}"""),
    ];

    public static void Read(string folder)
    {
        var specification = TunedFolder.Read(folder).ToSpecification() with { Fingerprint = Backbone.Value.Fingerprint };
        specification.Attach(Backbone.Value, StrategyRegistry.Default, seed: 0).Dispose();
    }

    private static byte[] Encoded(string json) => System.Text.Encoding.UTF8.GetBytes(json);
}
