namespace Spindle.Models.Tests;

public class SmokeTests
{
    [Fact]
    public void Torch_loads() => Assert.Equal(4f, TorchSharp.torch.ones(2, 2).sum().item<float>());
}
