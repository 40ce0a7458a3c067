using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Numerics;

public sealed class FreedMemoryTests
{
    // between them, small tensors stay, so that the allocator cannot shrink its heap at the end
    private const int Count = 2_000;
    private const int Elements = 25_000;

    [Fact]
    public void Freed_memory_between_tensors_that_stay_goes_back_to_the_operating_system()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/proc/self/statm"), "the allocator of Linux is tested");
        using var scope = NewDisposeScope();
        var large = new List<Tensor>();
        for (var index = 0; index < Count; index++)
        {
            large.Add(ones(Elements));
            _ = ones(16);
        }
        foreach (var tensor in large) tensor.Dispose();
        var before = Environment.WorkingSet;
        FreedMemory.Return();
        var returned = before - Environment.WorkingSet;
        Assert.True(returned > Count * Elements * sizeof(float) / 2, $"{returned >> 20} MB went back");
    }
}
