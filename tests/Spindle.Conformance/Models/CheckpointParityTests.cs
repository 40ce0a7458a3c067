using Spindle.Models.Checkpoints;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Conformance.Models;

/// <summary>What PyTorch wrote as an archive is what safetensors hold beside it.</summary>
public class CheckpointParityTests
{
    public static TheoryData<string> Folders() =>
    [
        .. SharedFiles.FixtureNames("models").Where(name => File.Exists(Path.Combine(SharedFiles.Fixture("models", name), "pytorch_model.bin"))).DefaultIfEmpty("absent"),
    ];

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_archive_holds_the_tensors_of_the_safetensors_file(string name)
    {
        var folder = SharedFiles.Fixture("models", name);
        using var scope = NewDisposeScope();
        using var archive = PytorchFile.Open(Path.Combine(folder, "pytorch_model.bin"));
        using var file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        Assert.NotEmpty(file.Tensors);
        // safetensors leave out what is tied, the archive may hold it twice
        foreach (var tensor in file.Tensors.Keys)
        {
            var (expected, actual) = (file.Read(tensor), archive.Read(tensor));
            Assert.Equal(expected.dtype, actual.dtype);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(expected.equal(actual).all().ToBoolean(), tensor);
        }
    }
}
