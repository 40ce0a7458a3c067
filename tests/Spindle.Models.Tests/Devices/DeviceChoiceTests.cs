using Spindle.Models.Devices;
using TorchSharp;

namespace Spindle.Models.Tests.Devices;

public class DeviceChoiceTests
{
    private static readonly ComputeDevices None = new([], "this libtorch has no CUDA");
    private static readonly ComputeDevices Two = new([new(0, 9, 80L << 30), new(1, 7, null)], null);

    [Theory]
    [InlineData("auto")]
    [InlineData("cpu")]
    [InlineData("cuda")]
    [InlineData("cuda:0")]
    [InlineData("cuda:12")]
    public void A_device_is_written_as_it_was_read(string text) => Assert.Equal(text, DeviceChoice.Parse(text).ToString());

    [Theory]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("CUDA")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1x")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:99999999999")]
    public void What_is_no_device_is_refused_with_what_can_be_written(string text) =>
        Assert.Contains("write auto, cpu, cuda or cuda:N", Assert.Throws<FormatException>(() => DeviceChoice.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("auto", "cuda:0")]
    [InlineData("cpu", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:1", "cuda:1")]
    public void Auto_takes_the_first_GPU(string choice, string device)
    {
        var resolved = Two.Resolve(DeviceChoice.Parse(choice));
        Assert.Equal(device, resolved.type == DeviceType.CPU ? "cpu" : $"cuda:{resolved.index}");
        Assert.Equal(DeviceType.CPU, None.Resolve(DeviceChoice.Auto).type);
    }

    [Theory]
    [InlineData("auto", new[] { 0, 1 })]
    [InlineData("cuda", new[] { 0, 1 })]
    [InlineData("cuda:1", new[] { 1 })]
    [InlineData("cpu", new int[0])]
    public void A_search_may_use_every_GPU_unless_one_is_named(string choice, int[] gpus) => Assert.Equal(gpus, Two.Allowed(DeviceChoice.Parse(choice)).Select(gpu => gpu.Index));

    [Fact]
    public void A_GPU_that_is_not_there_is_refused_with_the_remedy()
    {
        Assert.Contains("this libtorch has no CUDA; or choose the device 'cpu'", Assert.Throws<InvalidDataException>(() => None.Resolve(DeviceChoice.Gpu(3))).Message, StringComparison.Ordinal);
        Assert.Contains("there are 2 GPUs, cuda:0 to cuda:1", Assert.Throws<InvalidDataException>(() => Two.Resolve(DeviceChoice.Gpu(3))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => None.Allowed(DeviceChoice.Parse("cuda")));
    }

    [Fact]
    public void A_GPU_has_bfloat16_from_its_eighth_generation_and_not_if_it_does_not_tell()
    {
        Assert.True(Two.HasBFloat16(DeviceChoice.Auto));
        Assert.False(Two.HasBFloat16(DeviceChoice.Gpu(1)));
        Assert.False(new ComputeDevices([new(0, null, null)], null).HasBFloat16(DeviceChoice.Auto));
        Assert.Null(Two.HasBFloat16(DeviceChoice.Cpu));
        Assert.Null(None.HasBFloat16(DeviceChoice.Auto));
    }

    [Fact]
    public void A_driver_that_is_not_there_is_no_driver() => Assert.Null(CudaDriver.Open("libno-such-driver.so.1"));

    [Fact]
    public void A_machine_without_a_GPU_says_why()
    {
        var here = ComputeDevices.OfMachine;
        Assert.Equal(here.Gpus.Count == 0, here.WhyNone is { Length: > 0 });
    }
}
